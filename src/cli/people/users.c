/* SPDX-License-Identifier: MIT
 *
 * users - antiphon users: who is connected, or who there is.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/page.h"
#include "cli/print.h"
#include "cli/run.h"

int users_run(struct cli *c)
{
	struct page p = { "/music", "LIST_USERS", "users", 100 };
	struct session_json j;
	struct str list, one;
	int code = cli_number(c, "limit", 1, 1000000, &p.limit);

	if (!code)
		code = session_connect(c);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "query", cli_argument(c, 0));
	if (!cli_option(c, "all")) {
		json_write_key(&j.w, STR("connected"));
		json_write_bool(&j.w, true);
	}
	code = page_collect(c, &p, &j, &list);
	if (code || page_print_json(c, &p, list))
		return code;
	struct look_walk walk = look_array(list);
	struct print_table t = print_table_of(c, 4);
	while (look_next(&walk, &one)) {
		const struct str cells[] = { look_text(one, "username", &c->arena),
			look_text(one, "status", &c->arena),
			look_text(one, "displayName", &c->arena),
			look_text(one, "statusText", &c->arena) };
		print_table_add(&t, cells);
	}
	return print_table_end(&t);
}

/* SPDX-License-Identifier: MIT
 *
 * groups - antiphon groups: one's own groups and the channels, with what is unread.
 *
 * Layer: cli.  Threads: one.
 */
#include <inttypes.h>
#include <sysexits.h>

#include "cli/look.h"
#include "cli/page.h"
#include "cli/print.h"
#include "cli/run.h"

/* "3 unread", or nothing. */
static struct str unread(struct cli *c, struct str all, struct str group)
{
	struct str id = look_text(group, "id", &c->arena);
	int64_t n = look_int(all, arena_dup(&c->arena, id).p, &c->arena);

	return n > 0 ? arena_printf(&c->arena, "%" PRId64 " unread", n) : STR("");
}

int groups_run(struct cli *c)
{
	const struct page p = { "/chat", "LIST_GROUPS", "groups", 0 };
	struct session_json j;
	struct str list, snapshot, one;
	int code = session_connect(c);

	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "query", cli_argument(c, 0));
	code = page_collect(c, &p, &j, &list);
	if (code || page_print_json(c, &p, list))
		return code;
	session_begin(&j);
	code = session_ask(c, "/chat", "GET_SNAPSHOT", &j, &snapshot);
	if (code)
		return code;
	struct str counts = look_raw(snapshot, "data.unread", &c->arena);
	struct look_walk walk = look_array(list);
	struct print_table t = print_table_of(c, 5);
	while (look_next(&walk, &one)) {
		int64_t members = look_int(one, "memberCount", &c->arena);
		const struct str cells[] = { look_text(one, "name", &c->arena),
			look_text(one, "kind", &c->arena), look_text(one, "id", &c->arena),
			members == 1 ? STR("1 member")
				     : arena_printf(&c->arena, "%" PRId64 " members", members),
			unread(c, counts, one) };
		print_table_add(&t, cells);
	}
	return print_table_end(&t);
}

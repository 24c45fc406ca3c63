/* SPDX-License-Identifier: MIT
 *
 * sessions - antiphon sessions: where one is signed in; ends one of them.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "base/uuid.h"
#include "cli/look.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"

static int end(struct cli *c, const char *id)
{
	struct uuid ignored;

	if (strcmp(id, "current") != 0 && uuid_parse(str_of(id), &ignored))
		return cli_fail(c, EX_USAGE,
			"`%s` is no id of a session; `antiphon sessions` lists them.", id);
	int code = session_http(c, "DELETE", arena_printf(&c->arena, "/api/v1/sessions/%s", id).p,
		(struct str){ 0 }, NULL);
	if (!code)
		fputs(c->json ? "{}\n" : "The session has ended.\n", c->out);
	return code;
}

int sessions_run(struct cli *c)
{
	struct str answer, one;
	const char *ended = cli_option(c, "end");
	int code = session_open_signed_in(c);

	if (!code && ended)
		return end(c, ended);
	if (!code)
		code = session_http(c, "GET", "/api/v1/sessions", (struct str){ 0 }, &answer);
	if (code)
		return code;
	if (session_print_json(c, answer))
		return EX_OK;
	struct look_walk walk = look_array(look_raw(answer, "sessions", &c->arena));
	struct print_table t = print_table_of(c, 4);
	while (look_next(&walk, &one)) {
		const struct str cells[] = { look_text(one, "id", &c->arena),
			print_date(c, look_text(one, "usedAt", &c->arena)),
			look_bool(one, "current", &c->arena) ? STR("this one") : STR(""),
			look_text(one, "about", &c->arena) };
		print_table_add(&t, cells);
	}
	return print_table_end(&t);
}

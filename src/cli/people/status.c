/* SPDX-License-Identifier: MIT
 *
 * status - antiphon status: how one is shown to the others.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"

static int show(struct cli *c)
{
	struct session_json j;
	struct str answer;

	session_begin(&j);
	int code = session_ask(c, "/chat", "GET_SNAPSHOT", &j, &answer);
	if (code)
		return code;
	struct str me = look_raw(answer, "data.me", &c->arena);
	if (c->json) {
		fprintf(c->out, "{\"status\":" STR_FMT ",\"statusText\":" STR_FMT "}\n",
			STR_ARG(look_raw(me, "status", &c->arena)),
			STR_ARG(look_raw(me, "statusText", &c->arena)));
		return EX_OK;
	}
	struct str text = look_text(me, "statusText", &c->arena);
	print_text(c, look_text(me, "status", &c->arena));
	fputs(text.n ? ": " : "", c->out);
	print_text(c, text);
	fputc('\n', c->out);
	return EX_OK;
}

int status_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	int code = session_connect(c);

	if (code)
		return code;
	if (!cli_argument(c, 0))
		return show(c);
	session_begin(&j);
	session_text(&j, "newStatus", cli_argument(c, 0));
	if (cli_argument(c, 1)) {
		json_write_key(&j.w, STR("statusText"));
		json_write_string(&j.w, cli_arguments_from(c, 1));
	}
	code = session_ask(c, "/chat", "USER_STATUS_CHANGED", &j, &answer);
	return code ? code : show(c);
}

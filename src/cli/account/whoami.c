/* SPDX-License-Identifier: MIT
 *
 * whoami - antiphon whoami: who is signed in, and where.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"
#include "cli/token_file.h"

int whoami_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	int code = session_connect(c);

	if (code)
		return code;
	session_begin(&j);
	code = session_ask(c, "/chat", "GET_SNAPSHOT", &j, &answer);
	if (code)
		return code;
	struct str me = look_raw(answer, "data.me", &c->arena);
	if (c->json) {
		fprintf(c->out, STR_FMT "\n", STR_ARG(me));
		return EX_OK;
	}
	print_field(c, "username", look_text(me, "username", &c->arena));
	print_field(c, "name", look_text(me, "displayName", &c->arena));
	print_field(c, "role", look_text(me, "role", &c->arena));
	print_field(c, "id", look_text(me, "id", &c->arena));
	print_field(c, "server", str_of(token_file_server(c)));
	return EX_OK;
}

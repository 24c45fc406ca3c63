/* SPDX-License-Identifier: MIT
 *
 * sign - what register and login share: an answer with a token, kept and told.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/account/sign.h"

#include <sysexits.h>

#include "cli/look.h"
#include "cli/print.h"
#include "cli/token_file.h"

static int keep(struct cli *c, struct str answer)
{
	struct str token = look_text(answer, "token", &c->arena);
	struct str name = look_text(answer, "user.username", &c->arena);

	if (!token.n)
		return cli_fail(c, EX_UNAVAILABLE, "%s is no Antiphon server: it gave no token.",
			token_file_server(c));
	int code = token_file_write(c, token, look_text(answer, "user.id", &c->arena));
	if (code)
		return code;
	/* The token itself is for the file alone, never for a screen or a log. */
	if (c->json)
		fprintf(c->out, "{\"user\":" STR_FMT ",\"expiresAt\":" STR_FMT "}\n",
			STR_ARG(look_raw(answer, "user", &c->arena)),
			STR_ARG(look_raw(answer, "expiresAt", &c->arena)));
	else
		fprintf(c->out, "Signed in at %s as " STR_FMT ".\n", token_file_server(c),
			STR_ARG(print_harmless(c, name, false)));
	return EX_OK;
}

int sign_call(struct cli *c, const char *path, struct session_json *j)
{
	struct str answer;
	int code;

	json_write_end_object(&j->w);
	code = session_http(c, "POST", path, buf_str(&j->b), &answer);
	explicit_bzero(j->b.p, j->b.n); /* it holds the password */
	buf_done(&j->b);
	return code ? code : keep(c, answer);
}

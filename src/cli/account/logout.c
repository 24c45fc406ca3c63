/* SPDX-License-Identifier: MIT
 *
 * logout - antiphon logout: the session ends, and its token is forgotten.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/run.h"
#include "cli/session.h"
#include "cli/token_file.h"

int logout_run(struct cli *c)
{
	int code = session_open_signed_in(c);

	if (code)
		return code;
	enum antiphon_result result =
		antiphon_http(c->client, "DELETE", "/api/v1/sessions/current", NULL, NULL);
	/* A session that has ended already is what was wanted. */
	if (result && result != ANTIPHON_UNAUTHORIZED)
		return cli_fail(c, session_exit_code(result),
			"The session could not be ended at %s, so its token is kept: %s",
			token_file_server(c), antiphon_result_text(result));
	code = token_file_remove(c);
	if (!code && !c->json)
		fprintf(c->out, "Signed out at %s.\n", token_file_server(c));
	if (!code && c->json)
		fputs("{}\n", c->out);
	return code;
}

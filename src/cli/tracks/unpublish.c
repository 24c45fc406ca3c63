/* SPDX-License-Identifier: MIT
 *
 * unpublish - antiphon unpublish: a track is taken back.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/names.h"
#include "cli/run.h"
#include "cli/session.h"

int unpublish_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	const char *id;
	int code = session_connect(c);

	if (!code)
		code = names_track(c, cli_argument(c, 0), &id);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "id", id);
	code = session_ask(c, "/music", "UNPUBLISH_TRACK", &j, &answer);
	if (!code)
		(void)session_print_json(c, answer);
	return code;
}

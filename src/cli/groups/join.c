/* SPDX-License-Identifier: MIT
 *
 * join - antiphon join: a channel is joined.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"

int join_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	const char *group;
	int code = session_connect(c);

	if (!code)
		code = names_group(c, cli_argument(c, 0), &group);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "groupId", group);
	code = session_ask(c, "/chat", "GROUP_MEMBER_ADDED", &j, &answer);
	if (!code && !session_print_json(c, answer)) {
		fputs("Joined ", c->out);
		print_text(c, look_text(answer, "group.name", &c->arena));
		fputs(".\n", c->out);
	}
	return code;
}

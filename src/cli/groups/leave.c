/* SPDX-License-Identifier: MIT
 *
 * leave - antiphon leave: a group is left.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/names.h"
#include "cli/run.h"
#include "cli/session.h"

int leave_run(struct cli *c)
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
	code = session_ask(c, "/chat", "GROUP_MEMBER_REMOVED", &j, &answer);
	if (!code && !session_print_json(c, answer))
		fprintf(c->out, "Left %s.\n", cli_argument(c, 0));
	return code;
}

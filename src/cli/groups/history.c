/* SPDX-License-Identifier: MIT
 *
 * history - antiphon history: the messages of a group.
 *
 * Layer: cli.  Threads: one.
 */
#include <inttypes.h>
#include <sysexits.h>

#include "cli/look.h"
#include "cli/messages.h"
#include "cli/names.h"
#include "cli/run.h"
#include "cli/session.h"

int history_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	const char *group;
	int64_t limit = 50, before = 0;
	int code = cli_number(c, "limit", 1, 200, &limit);

	if (!code)
		code = cli_number(c, "before", 1, INT64_MAX, &before);
	if (!code)
		code = session_connect(c);
	if (!code)
		code = names_group(c, cli_argument(c, 0), &group);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "groupId", group);
	json_write_key(&j.w, STR("limit"));
	json_write_int(&j.w, limit);
	if (before) {
		json_write_key(&j.w, STR("beforeSeq"));
		json_write_int(&j.w, before);
	}
	code = session_ask(c, "/chat", "GET_HISTORY", &j, &answer);
	if (code || session_print_json(c, answer))
		return code;
	return messages_print(c, look_raw(answer, "messages", &c->arena));
}

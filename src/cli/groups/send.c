/* SPDX-License-Identifier: MIT
 *
 * send - antiphon send: a message to a group.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/names.h"
#include "cli/run.h"
#include "cli/session.h"

enum { MESSAGE_BYTES_MAX = 16384 }; /* more than any message that a server takes */

/* The words behind the group; all of standard input when there are none. */
static int text_of(struct cli *c, struct str *out)
{
	char text[MESSAGE_BYTES_MAX];

	*out = cli_arguments_from(c, 1);
	if (c->argument_count > 1)
		return EX_OK;
	size_t n = fread(text, 1, sizeof text, stdin);
	while (n && text[n - 1] == '\n')
		n--;
	*out = arena_dup(&c->arena, (struct str){ text, n });
	return EX_OK;
}

int send_run(struct cli *c)
{
	struct session_json j;
	struct str text, answer;
	const char *group;
	int code = text_of(c, &text);

	if (!code && !text.n)
		return cli_fail(c, EX_USAGE, "There is no text to send.");
	if (!code && !text_is_utf8(text))
		return cli_fail(c, EX_DATAERR, "The text is not UTF-8.");
	if (!code)
		code = session_connect(c);
	if (!code)
		code = names_group(c, cli_argument(c, 0), &group);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "groupId", group);
	session_text(&j, "replyTo", cli_option(c, "reply-to"));
	json_write_key(&j.w, STR("message"));
	json_write_string(&j.w, text);
	code = session_ask(c, "/chat", "MESSAGE_SENT", &j, &answer);
	if (!code)
		(void)session_print_json(c, answer);
	return code;
}

/* SPDX-License-Identifier: MIT
 *
 * create - antiphon create: a channel, or a private group.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"

static int write_members(struct cli *c, struct session_json *j)
{
	int code = EX_OK;

	json_write_key(&j->w, STR("members"));
	json_write_begin_array(&j->w);
	for (size_t i = 1; !code && i < c->argument_count; i++) {
		const char *id = NULL;
		code = names_user(c, cli_argument(c, i), &id);
		if (!code)
			json_write_string(&j->w, str_of(id));
	}
	json_write_end_array(&j->w);
	return code;
}

int create_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	int code = session_connect(c);

	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "name", cli_argument(c, 0));
	session_text(&j, "kind", cli_option(c, "private") ? "private" : "channel");
	code = write_members(c, &j);
	if (code) {
		buf_done(&j.b);
		return code;
	}
	code = session_ask(c, "/chat", "GROUP_CREATED", &j, &answer);
	if (!code && !session_print_json(c, answer)) {
		print_field(c, "name", look_text(answer, "group.name", &c->arena));
		print_field(c, "id", look_text(answer, "group.id", &c->arena));
	}
	return code;
}

/* SPDX-License-Identifier: MIT
 *
 * profile - antiphon profile: a user's profile; one's own is changed by options.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"

static void print_profile(struct cli *c, struct str user)
{
	struct str one;
	struct look_walk walk = look_array(look_raw(user, "tracks", &c->arena));

	print_field(c, "username", look_text(user, "username", &c->arena));
	print_field(c, "name", look_text(user, "displayName", &c->arena));
	print_field(c, "status", look_text(user, "status", &c->arena));
	print_field(c, "text", look_text(user, "statusText", &c->arena));
	print_field(c, "bio", look_text(user, "bio", &c->arena));
	print_field(c, "role", look_text(user, "role", &c->arena));
	print_field(c, "since", print_date(c, look_text(user, "createdAt", &c->arena)));
	print_field(c, "id", look_text(user, "id", &c->arena));
	while (look_next(&walk, &one))
		print_field(c, "track", look_text(one, "title", &c->arena));
}

static int change(struct cli *c)
{
	struct session_json j;
	struct str answer;

	if (cli_argument(c, 0))
		return cli_fail(c, EX_USAGE,
			"Only one's own profile can be changed; leave `%s` out.",
			cli_argument(c, 0));
	session_begin(&j);
	session_text(&j, "displayName", cli_option(c, "name"));
	session_text(&j, "bio", cli_option(c, "bio"));
	int code = session_ask(c, "/music", "USER_UPDATE", &j, &answer);
	if (!code && !session_print_json(c, answer))
		print_profile(c, look_raw(answer, "user", &c->arena));
	return code;
}

/* The id of whom to show: the one named, or oneself. */
static int whose(struct cli *c, const char **id)
{
	struct session_json j;
	struct str answer;

	if (cli_argument(c, 0))
		return names_user(c, cli_argument(c, 0), id);
	session_begin(&j);
	int code = session_ask(c, "/chat", "GET_SNAPSHOT", &j, &answer);
	if (!code)
		*id = arena_dup(&c->arena, look_text(answer, "data.me.id", &c->arena)).p;
	return code;
}

int profile_run(struct cli *c)
{
	struct str answer;
	const char *id;
	int code = session_connect(c);

	if (code)
		return code;
	if (cli_option(c, "name") || cli_option(c, "bio"))
		return change(c);
	code = whose(c, &id);
	if (!code)
		code = session_ask_raw(
			c, "/music", "GET_USER", arena_printf(&c->arena, "\"%s\"", id), &answer);
	if (!code && !session_print_json(c, answer))
		print_profile(c, look_raw(answer, "user", &c->arena));
	return code;
}

/* SPDX-License-Identifier: MIT
 *
 * members - antiphon members: who belongs to a group; adds and removes.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/names.h"
#include "cli/page.h"
#include "cli/print.h"
#include "cli/run.h"

/* Adds or removes the user that the option names, when it was given. */
static int change(struct cli *c, const char *option, const char *event, const char *group)
{
	struct session_json j;
	const char *user, *name = cli_option(c, option);

	if (!name)
		return EX_OK;
	int code = names_user(c, name, &user);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "groupId", group);
	session_text(&j, "userId", user);
	return session_ask(c, "/chat", event, &j, NULL);
}

int members_run(struct cli *c)
{
	const struct page p = { "/chat", "LIST_MEMBERS", "users", 0 };
	struct session_json j;
	struct str list, one;
	const char *group = NULL;
	int code = session_connect(c);

	if (!code)
		code = names_group(c, cli_argument(c, 0), &group);
	if (!code)
		code = change(c, "add", "GROUP_MEMBER_ADDED", group);
	if (!code)
		code = change(c, "remove", "GROUP_MEMBER_REMOVED", group);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "groupId", group);
	code = page_collect(c, &p, &j, &list);
	if (code || page_print_json(c, &p, list))
		return code;
	struct look_walk walk = look_array(list);
	struct print_table t = print_table_of(c, 3);
	while (look_next(&walk, &one)) {
		const struct str cells[] = { look_text(one, "username", &c->arena),
			look_text(one, "status", &c->arena),
			look_text(one, "displayName", &c->arena) };
		print_table_add(&t, cells);
	}
	return print_table_end(&t);
}

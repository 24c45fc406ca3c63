/* SPDX-License-Identifier: MIT
 *
 * search - antiphon search: messages that hold the given words.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/messages.h"
#include "cli/names.h"
#include "cli/page.h"
#include "cli/run.h"

int search_run(struct cli *c)
{
	struct page p = { "/chat", "SEARCH_MESSAGES", "messages", 50 };
	struct session_json j;
	struct str list, query = cli_arguments_from(c, 0);
	const char *group = NULL, *named = cli_option(c, "group");
	int code = cli_number(c, "limit", 1, 1000000, &p.limit);

	if (!code)
		code = session_connect(c);
	if (!code && named)
		code = names_group(c, named, &group);
	if (code)
		return code;
	session_begin(&j);
	json_write_key(&j.w, STR("query"));
	json_write_string(&j.w, query);
	session_text(&j, "groupId", group);
	code = page_collect(c, &p, &j, &list);
	if (code || page_print_json(c, &p, list))
		return code;
	return messages_print(c, list);
}

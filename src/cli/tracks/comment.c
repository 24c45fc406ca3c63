/* SPDX-License-Identifier: MIT
 *
 * comment - antiphon comment: a comment on a track.
 *
 * Layer: cli.  Threads: one.
 */
#include <stdlib.h>
#include <sysexits.h>

#include "cli/names.h"
#include "cli/run.h"
#include "cli/session.h"

/* "1:02:03", "3:07" or "42" as milliseconds; -1 for anything else. */
static int64_t read_moment(const char *text)
{
	int64_t s = 0;

	for (int part = 0; part < 3; part++) {
		char *end;
		if (*text < '0' || *text > '9')
			return -1;
		long n = strtol(text, &end, 10);
		if (n > 100000 || (part && n > 59))
			return -1;
		s = s * 60 + n;
		if (!*end)
			return s * 1000;
		if (*end != ':')
			return -1;
		text = end + 1;
	}
	return -1;
}

int comment_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	const char *id, *at = cli_option(c, "at");
	int64_t moment = at ? read_moment(at) : 0;
	int code;

	if (moment < 0)
		return cli_fail(
			c, EX_USAGE, "The option `--at` takes a moment as 3:07, not `%s`.", at);
	code = session_connect(c);
	if (!code)
		code = names_track(c, cli_argument(c, 0), &id);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "trackId", id);
	json_write_key(&j.w, STR("text"));
	json_write_string(&j.w, cli_arguments_from(c, 1));
	if (at) {
		json_write_key(&j.w, STR("positionMs"));
		json_write_int(&j.w, moment);
	}
	code = session_ask(c, "/music", "PUBLISH_COMMENT", &j, &answer);
	if (!code)
		(void)session_print_json(c, answer);
	return code;
}

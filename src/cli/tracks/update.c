/* SPDX-License-Identifier: MIT
 *
 * update - antiphon update: the fields of one's own track are changed.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"
#include "cli/tracks/tags.h"

static int write_tags(struct cli *c, struct session_json *j)
{
	struct antiphon_texts tags;
	int code = tags_read(c, cli_option(c, "tags"), &tags);

	if (code)
		return code;
	json_write_key(&j->w, STR("tags"));
	json_write_begin_array(&j->w);
	for (size_t i = 0; i < tags.n; i++)
		json_write_string(&j->w, str_of(tags.v[i]));
	json_write_end_array(&j->w);
	return EX_OK;
}

int update_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	const char *id;
	int64_t year = -1;
	int code = cli_number(c, "year", 0, 9999, &year);

	if (!code)
		code = session_connect(c);
	if (!code)
		code = names_track(c, cli_argument(c, 0), &id);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "id", id);
	session_text(&j, "title", cli_option(c, "title"));
	session_text(&j, "artist", cli_option(c, "artist"));
	session_text(&j, "album", cli_option(c, "album"));
	session_text(&j, "genre", cli_option(c, "genre"));
	if (year >= 0) {
		json_write_key(&j.w, STR("year"));
		json_write_int(&j.w, year);
	}
	if (cli_option(c, "tags"))
		code = write_tags(c, &j);
	if (code) {
		buf_done(&j.b);
		return code;
	}
	code = session_ask(c, "/music", "UPDATE_TRACK", &j, &answer);
	if (!code && !session_print_json(c, answer))
		print_field(c, "title", look_text(answer, "track.title", &c->arena));
	return code;
}

/* SPDX-License-Identifier: MIT
 *
 * show - antiphon show: a track with its comments and ratings.
 *
 * Layer: cli.  Threads: one.
 */
#include <inttypes.h>
#include <sysexits.h>

#include "cli/look.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"

static void print_tags(struct cli *c, struct str track)
{
	struct look_walk walk = look_array(look_raw(track, "tags", &c->arena));
	struct str one, all = { 0 };

	while (look_next(&walk, &one))
		all = arena_printf(&c->arena, STR_FMT "%s" STR_FMT, STR_ARG(all), all.n ? ", " : "",
			STR_ARG(look_text(one, "", &c->arena)));
	print_field(c, "tags", all);
}

static void print_feedback(struct cli *c, struct str track)
{
	struct look_walk walk = look_array(look_raw(track, "comments", &c->arena));
	struct str one;

	while (look_next(&walk, &one)) {
		bool placed = look_has(one, "positionMs", &c->arena);
		struct str at = print_duration(c, look_int(one, "positionMs", &c->arena));
		print_field(c, "comment",
			arena_printf(&c->arena, STR_FMT "%s" STR_FMT ": " STR_FMT,
				STR_ARG(names_of_user(c, look_text(one, "userId", &c->arena))),
				placed ? " at " : "", STR_ARG(placed ? at : STR("")),
				STR_ARG(look_text(one, "text", &c->arena))));
	}
}

static void print_track(struct cli *c, struct str track)
{
	print_field(c, "title", look_text(track, "title", &c->arena));
	print_field(c, "artist", look_text(track, "artist", &c->arena));
	print_field(c, "album", look_text(track, "album", &c->arena));
	print_field(c, "genre", look_text(track, "genre", &c->arena));
	if (look_has(track, "year", &c->arena))
		print_field(c, "year", look_raw(track, "year", &c->arena));
	print_tags(c, track);
	if (look_has(track, "durationMs", &c->arena))
		print_field(
			c, "length", print_duration(c, look_int(track, "durationMs", &c->arena)));
	print_field(c, "audio",
		arena_printf(&c->arena, STR_FMT ", %" PRId64 " bytes",
			STR_ARG(look_text(track, "audio.mime", &c->arena)),
			look_int(track, "audio.size", &c->arena)));
	print_field(c, "by", names_of_user(c, look_text(track, "userId", &c->arena)));
	print_field(c, "published", print_date(c, look_text(track, "publishedAt", &c->arena)));
	if (look_int(track, "rating.count", &c->arena))
		print_field(c, "rating",
			arena_printf(&c->arena, "%.1f of %" PRId64,
				look_double(track, "rating.average", &c->arena),
				look_int(track, "rating.count", &c->arena)));
	print_field(c, "id", look_text(track, "id", &c->arena));
	print_feedback(c, track);
}

int show_run(struct cli *c)
{
	struct str answer;
	const char *id;
	int code = session_connect(c);

	if (!code)
		code = names_track(c, cli_argument(c, 0), &id);
	if (!code)
		code = session_ask_raw(
			c, "/music", "GET_TRACK", arena_printf(&c->arena, "\"%s\"", id), &answer);
	if (!code && !session_print_json(c, answer))
		print_track(c, look_raw(answer, "track", &c->arena));
	return code;
}

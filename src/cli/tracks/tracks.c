/* SPDX-License-Identifier: MIT
 *
 * tracks - antiphon tracks: the catalogue.
 *
 * Layer: cli.  Threads: one.
 */
#include <inttypes.h>
#include <sysexits.h>

#include "cli/look.h"
#include "cli/names.h"
#include "cli/page.h"
#include "cli/print.h"
#include "cli/run.h"

/* "4.5 of 2", or nothing for a track that nobody has rated. */
static struct str rating(struct cli *c, struct str track)
{
	int64_t count = look_int(track, "rating.count", &c->arena);

	return count ? arena_printf(&c->arena, "%.1f of %" PRId64,
			       look_double(track, "rating.average", &c->arena), count)
	             : STR("");
}

static int print_tracks(struct cli *c, struct str list)
{
	struct look_walk walk = look_array(list);
	struct print_table t = print_table_of(c, 5);
	struct str one;

	while (look_next(&walk, &one)) {
		const struct str cells[] = { look_text(one, "title", &c->arena),
			look_text(one, "artist", &c->arena),
			look_has(one, "durationMs", &c->arena)
				? print_duration(c, look_int(one, "durationMs", &c->arena))
				: STR(""),
			rating(c, one), look_text(one, "id", &c->arena) };
		print_table_add(&t, cells);
	}
	return print_table_end(&t);
}

int tracks_run(struct cli *c)
{
	struct page p = { "/music", "LIST_TRACKS", "tracks", 50 };
	struct session_json j;
	struct str list;
	const char *user = NULL, *of = cli_option(c, "user");
	int code = cli_number(c, "limit", 1, 1000000, &p.limit);

	if (!code)
		code = session_connect(c);
	if (!code && of)
		code = names_user(c, of, &user);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "query", cli_argument(c, 0));
	session_text(&j, "tag", cli_option(c, "tag"));
	session_text(&j, "sort", cli_option(c, "sort"));
	session_text(&j, "userId", user);
	code = page_collect(c, &p, &j, &list);
	if (code || page_print_json(c, &p, list))
		return code;
	return print_tracks(c, list);
}

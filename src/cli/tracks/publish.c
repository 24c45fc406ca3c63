/* SPDX-License-Identifier: MIT
 *
 * publish - antiphon publish: audio files become tracks, within the payload limit of the server.
 *
 * Layer: cli.  Threads: one.
 */
#include <errno.h>
#include <fts.h>
#include <sysexits.h>

#include "cli/look.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"
#include "cli/tracks/tags.h"

enum { FILE_BYTES_MAX = 64 << 20, PUBLISH_MS = 120000 };

struct published {
	struct cli *c;
	struct str sentence, json;
};

static void take_answer(
	void *context, const struct antiphon_answer *a, const struct antiphon_track_answer *typed)
{
	struct published *p = context;

	(void)typed;
	p->sentence = arena_dup(&p->c->arena, str_of(a->sentence));
	p->json = arena_dup(&p->c->arena, str_of(a->json));
}

/* The whole file into out. */
static int read_file(struct cli *c, const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rbe");
	size_t got = 0;

	if (!f)
		return cli_fail(c, EX_NOINPUT, "%s cannot be read: %s.", path, strerror(errno));
	do {
		char *room = buf_reserve(out, 65536);
		got = room ? fread(room, 1, 65536, f) : 0;
		buf_grow(out, got);
	} while (got && out->n <= FILE_BYTES_MAX);
	bool failed = ferror(f);
	fclose(f);
	if (buf_failed(out))
		return cli_no_memory(c);
	if (failed)
		return cli_fail(c, EX_NOINPUT, "%s cannot be read.", path);
	return out->n > FILE_BYTES_MAX
	               ? cli_fail(c, EX_DATAERR, "%s is too large to be sent in one piece.", path)
	               : EX_OK;
}

/* The name of the file without folders and ending; in the arena. */
static const char *title_of(struct cli *c, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');
	size_t n = dot && dot > base ? (size_t)(dot - base) : strlen(base);

	return arena_dup(&c->arena, (struct str){ base, n }).p;
}

static int publish_one(struct cli *c, const char *path, struct antiphon_publish_track *track)
{
	CLEANUP(buf_done) struct buf bytes = { 0 };
	struct published p = { .c = c };
	const char *title = cli_option(c, "title");
	int code = read_file(c, path, &bytes);

	if (code)
		return code;
	track->title = title ? title : title_of(c, path);
	track->audio.set = true;
	track->audio.v = (struct antiphon_bytes){ bytes.p, bytes.n };
	uint64_t ticket = antiphon_publish_track(c->client, track, take_answer, &p);
	enum antiphon_result result = antiphon_wait(c->client, ticket, PUBLISH_MS);
	if (result == ANTIPHON_TIMED_OUT)
		session_done(c); /* no call may come once p is gone */
	if (result)
		return cli_fail(c, session_exit_code(result), "%s: " STR_FMT, path,
			STR_ARG(p.sentence.n ? print_harmless(c, p.sentence, false)
					     : str_of(antiphon_result_text(result))));
	if (session_print_json(c, p.json))
		return EX_OK;
	const struct str cells[] = { look_text(p.json, "track.title", &c->arena),
		look_text(p.json, "track.id", &c->arena) };
	struct print_table t = print_table_of(c, 2);
	print_table_add(&t, cells);
	return print_table_end(&t);
}

static bool is_audio(const char *name)
{
	static const char *const endings[] = { ".mp3", ".ogg", ".oga", ".opus", ".flac", ".wav",
		".m4a", ".aac" };
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < COUNT_OF(endings); i++) {
		if (strcasecmp(dot, endings[i]) == 0)
			return true;
	}
	return false;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A file, or every audio file of a folder and those below it, by name; links are not followed. */
static int publish_path(struct cli *c, const char *path, struct antiphon_publish_track *track)
{
	char *const roots[] = { arena_alloc(&c->arena, strlen(path) + 1), NULL };
	size_t found = 0;
	int code = EX_OK;

	if (!roots[0])
		return cli_no_memory(c);
	memcpy(roots[0], path, strlen(path));
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	if (!walk)
		return cli_fail(c, EX_NOINPUT, "%s cannot be read: %s.", path, strerror(errno));
	for (FTSENT *one = fts_read(walk); one && !code && c->client; one = fts_read(walk)) {
		bool folder = one->fts_info == FTS_D || one->fts_info == FTS_DP;
		bool named = one->fts_level == FTS_ROOTLEVEL && !folder;
		if (one->fts_info == FTS_DNR)
			code = cli_fail(c, EX_NOINPUT, "%s cannot be read: %s.", one->fts_path,
				strerror(one->fts_errno));
		else if (named || (one->fts_info == FTS_F && is_audio(one->fts_name))) {
			found++;
			code = publish_one(c, one->fts_path, track);
		}
	}
	fts_close(walk);
	return code || found ? code
	                     : cli_fail(c, EX_NOINPUT, "There is no audio file in %s.", path);
}

int publish_run(struct cli *c)
{
	struct antiphon_publish_track track = { .artist = cli_option(c, "artist"),
		.album = cli_option(c, "album"),
		.genre = cli_option(c, "genre") };
	int code = cli_number(c, "year", 0, 9999, &track.year.v);

	if (!code && cli_option(c, "title") && c->argument_count > 1)
		code = cli_fail(c, EX_USAGE, "`--title` is for one file alone.");
	track.year.set = cli_option(c, "year") != NULL;
	if (!code && cli_option(c, "tags")) {
		track.tags.set = true;
		code = tags_read(c, cli_option(c, "tags"), &track.tags.v);
	}
	if (!code)
		code = session_connect(c);
	for (size_t i = 0; !code && c->client && i < c->argument_count; i++)
		code = publish_path(c, cli_argument(c, i), &track);
	return code;
}

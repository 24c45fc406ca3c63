/* SPDX-License-Identifier: MIT
 *
 * publish - antiphon publish: audio files are uploaded and become tracks.
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
#include "cli/tracks/progress.h"
#include "cli/tracks/tags.h"

enum { PUBLISH_MS = 120000, KB = 1000, SPEED_MAX = 1 << 30 };

/* The answer, as long as the run: a late one finds its place. */
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

/* The name of the file without folders and ending; in the arena. */
static const char *title_of(struct cli *c, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');
	size_t n = dot && dot > base ? (size_t)(dot - base) : strlen(base);

	return arena_dup(&c->arena, (struct str){ base, n }).p;
}

static int fail_upload(struct cli *c, struct str name, enum antiphon_result result)
{
	if (result == ANTIPHON_NOT_FOUND)
		return cli_fail(c, EX_NOINPUT, STR_FMT " cannot be read.", STR_ARG(name));
	if (result == ANTIPHON_TOO_LARGE)
		return cli_fail(c, EX_DATAERR,
			STR_FMT " is larger than the server takes, or than what is left of one's "
				"share there.",
			STR_ARG(name));
	return cli_fail(c, session_exit_code(result), STR_FMT ": %s", STR_ARG(name),
		antiphon_result_text(result));
}

/* The bytes on their way to the server; track->uploadId is then set. */
static int upload(struct cli *c, const char *path, struct antiphon_publish_track *track)
{
	struct str name = print_harmless(c, str_of(path), false);
	const char *slash = memrchr(name.p, '/', name.n);
	struct progress progress =
		progress_of(c, slash ? str_after(name, (size_t)(slash + 1 - name.p)) : name);
	int64_t speed = 0;
	char *id = arena_alloc(&c->arena, 37);
	int code = cli_number(c, "max-speed", 1, SPEED_MAX, &speed);

	if (code || !id)
		return code ? code : cli_no_memory(c);
	const struct antiphon_transfer t = { .path = path,
		.progress = progress_step,
		.context = &progress,
		.rate_max = speed * KB };
	enum antiphon_result result =
		antiphon_upload(c->client, &t, ANTIPHON_UPLOAD_PURPOSE_TRACK, NULL, id);
	progress_end(&progress);
	track->uploadId = id;
	return result ? fail_upload(c, name, result) : EX_OK;
}

static int publish_one(struct cli *c, const char *path, struct antiphon_publish_track *track)
{
	struct published *p = ARENA_NEW(&c->arena, struct published);
	const char *title = cli_option(c, "title");
	int code = p ? upload(c, path, track) : cli_no_memory(c);

	if (code)
		return code;
	p->c = c;
	track->title = title ? title : title_of(c, path);
	uint64_t ticket = antiphon_publish_track(c->client, track, take_answer, p);
	enum antiphon_result result = antiphon_wait(c->client, ticket, PUBLISH_MS);
	if (result)
		return cli_fail(c, session_exit_code(result), STR_FMT ": " STR_FMT,
			STR_ARG(print_harmless(c, str_of(path), false)),
			STR_ARG(p->sentence.n ? print_harmless(c, p->sentence, false)
					      : str_of(antiphon_result_text(result))));
	if (session_print_json(c, p->json))
		return EX_OK;
	const struct str cells[] = { look_text(p->json, "track.title", &c->arena),
		look_text(p->json, "track.id", &c->arena) };
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

/* Files to publish, and how it goes. */
struct batch {
	struct cli *c;
	struct antiphon_publish_track *track;
	int code;  /* of the first that failed */
	bool over; /* no other can do better */
};

static void note(struct batch *b, int code)
{
	if (!b->code)
		b->code = code;
	b->over = code == EX_UNAVAILABLE || code == EX_NOPERM;
}

/* One that a walk has met; true when it is a file to publish. */
static bool publish_met(struct batch *b, const FTSENT *one)
{
	bool folder = one->fts_info == FTS_D || one->fts_info == FTS_DP;
	bool named = one->fts_level == FTS_ROOTLEVEL && !folder;

	if (one->fts_info == FTS_DNR) {
		note(b, cli_fail(b->c, EX_NOINPUT, "%s cannot be read: %s.", one->fts_path,
				strerror(one->fts_errno)));
		return false;
	}
	if (!named && (one->fts_info != FTS_F || !is_audio(one->fts_name)))
		return false;
	note(b, publish_one(b->c, one->fts_path, b->track));
	return true;
}

/* A file, or every audio file of a folder and those below it, by name; links are not followed. */
static void publish_path(struct batch *b, const char *path)
{
	struct cli *c = b->c;
	char *const roots[] = { arena_alloc(&c->arena, strlen(path) + 1), NULL };
	bool found = false;

	if (!roots[0]) {
		note(b, cli_no_memory(c));
		return;
	}
	memcpy(roots[0], path, strlen(path));
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	if (!walk) {
		note(b, cli_fail(c, EX_NOINPUT, "%s cannot be read: %s.", path, strerror(errno)));
		return;
	}
	int before = b->code;
	for (FTSENT *one = fts_read(walk); one && !b->over; one = fts_read(walk))
		found |= publish_met(b, one);
	fts_close(walk);
	if (!found && b->code == before)
		note(b, cli_fail(c, EX_NOINPUT, "There is no audio file in %s.", path));
}

int publish_run(struct cli *c)
{
	struct antiphon_publish_track track = { .artist = cli_option(c, "artist"),
		.album = cli_option(c, "album"),
		.genre = cli_option(c, "genre") };
	struct batch b = { .c = c, .track = &track };
	int64_t speed;
	int code = cli_number(c, "year", 0, 9999, &track.year.v);

	if (!code)
		code = cli_number(c, "max-speed", 1, SPEED_MAX, &speed);
	if (!code && cli_option(c, "title") && c->argument_count > 1)
		code = cli_fail(c, EX_USAGE, "`--title` is for one file alone.");
	track.year.set = cli_option(c, "year") != NULL;
	if (!code && cli_option(c, "tags")) {
		track.tags.set = true;
		code = tags_read(c, cli_option(c, "tags"), &track.tags.v);
	}
	if (!code)
		code = session_connect_kept(c);
	for (size_t i = 0; !code && !b.over && i < c->argument_count; i++)
		publish_path(&b, cli_argument(c, i));
	return code ? code : b.code;
}

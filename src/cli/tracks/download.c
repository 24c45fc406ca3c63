/* SPDX-License-Identifier: MIT
 *
 * download - antiphon download: the audio of tracks becomes files.
 *
 * Layer: cli.  Threads: one.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"
#include "cli/tracks/progress.h"

enum {
	KB = 1000,
	SPEED_MAX = 1 << 30,
	NAME_CODE_POINTS =
		25, /* of artist and of title: with ` - ` and what else is added at most 255 bytes */
	ID_TAIL = 8, /* characters of an id that tell two tracks of one name apart */
	PIECE_BYTES = 65536,
};

static bool is_folder(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* What a stranger calls it, as a part of a file's name: no slash, nothing that a terminal obeys, not too long. */
static struct str name_part(struct cli *c, const char *text)
{
	struct str safe = text_prefix(print_harmless(c, str_of(text), false), NAME_CODE_POINTS);
	char *out = arena_alloc(&c->arena, safe.n + 1);

	if (!out)
		return STR("track");
	for (size_t i = 0; i < safe.n; i++)
		out[i] = safe.p[i] == '/' ? '_' : safe.p[i];
	if (out[0] == '.')
		out[0] = '_'; /* neither hidden nor a folder */
	return (struct str){ out, safe.n };
}

static const char *ending_of(const char *mime)
{
	static const struct {
		const char *mime, *ending;
	} known[] = { { "audio/mpeg", ".mp3" }, { "audio/ogg", ".ogg" }, { "audio/opus", ".opus" },
		{ "audio/flac", ".flac" }, { "audio/wav", ".wav" }, { "audio/x-wav", ".wav" },
		{ "audio/mp4", ".m4a" }, { "audio/aac", ".aac" }, { "audio/webm", ".webm" } };

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (strcmp(known[i].mime, mime) == 0)
			return known[i].ending;
	}
	return "";
}

/* True when the file is there and is the track's audio. */
static bool is_there(const char *path, const struct antiphon_track *track)
{
	char piece[PIECE_BYTES], hex[DIGEST_HEX_BYTES];
	struct hash_stream *h;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return false;
	if (!hash_stream_new(&h)) {
		while ((n = read(fd, piece, sizeof piece)) > 0)
			hash_stream_add(h, (struct str){ piece, (size_t)n });
		hash_hex(hash_stream_end(h), hex);
		hash_stream_free(h);
	}
	close(fd);
	return n == 0 && memcmp(hex, track->audio.blake2b, sizeof hex) == 0;
}

/* Where it goes in a folder: its name, or, where another file has that, its name and the end of its id. */
static const char *place(struct cli *c, const char *folder, const struct antiphon_track *track)
{
	struct str artist = name_part(c, track->artist), title = name_part(c, track->title);
	struct str stem = arena_printf(&c->arena, "%s/" STR_FMT "%s" STR_FMT, folder,
		STR_ARG(artist), artist.n ? " - " : "", STR_ARG(title));
	const char *ending = ending_of(track->audio.mime);
	const char *path = arena_printf(&c->arena, STR_FMT "%s", STR_ARG(stem), ending).p;
	size_t id_bytes = strlen(track->id);

	if (!path || access(path, F_OK) != 0 || is_there(path, track))
		return path;
	return arena_printf(&c->arena, STR_FMT " (%s)%s", STR_ARG(stem),
		track->id + (id_bytes > ID_TAIL ? id_bytes - ID_TAIL : 0), ending)
	        .p;
}

/* That a file can be made here, which the library would not tell from a server that is gone. */
static int check_place(struct cli *c, const char *path)
{
	struct str part = arena_printf(&c->arena, "%s.part", path);
	int fd = part.p ? open(part.p, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;

	if (fd < 0)
		return cli_fail(c, EX_CANTCREAT, STR_FMT " cannot be written: %s.",
			STR_ARG(print_harmless(c, str_of(path), false)), strerror(errno));
	close(fd);
	return EX_OK;
}

/* track: NULL when it has gone meanwhile. */
static int tell(struct cli *c, const char *path, const struct antiphon_track *track, bool fresh)
{
	struct session_json j;

	if (!c->json) {
		fprintf(c->out, STR_FMT "%s\n", STR_ARG(print_harmless(c, str_of(path), false)),
			fresh ? "" : " is there already");
		return EX_OK;
	}
	char *json = track ? antiphon_event_json(ANTIPHON_DOWNLOADED_TRACK, track) : NULL;
	session_begin(&j);
	session_text(&j, "path", path);
	json_write_key(&j.w, STR("downloaded"));
	json_write_bool(&j.w, fresh);
	json_write_key(&j.w, STR("track"));
	json_write_raw(&j.w, json ? str_of(json) : STR("null"));
	json_write_end_object(&j.w);
	fprintf(c->out, STR_FMT "\n", STR_ARG(buf_str(&j.b)));
	antiphon_text_free(json);
	buf_done(&j.b);
	return EX_OK;
}

static int fail_download(struct cli *c, struct str name, enum antiphon_result result)
{
	if (result == ANTIPHON_INTERNAL)
		return cli_fail(c, EX_SOFTWARE,
			STR_FMT ": what came is not what was published (its BLAKE2b differs); it "
				"was thrown away.",
			STR_ARG(name));
	return cli_fail(c, session_exit_code(result), STR_FMT ": %s", STR_ARG(name),
		antiphon_result_text(result));
}

/* path: NULL where its name decides. What is read of a track is good until the client is driven: it is read first. */
static int download_one(struct cli *c, const char *id, const char *folder, const char *path)
{
	const struct antiphon_track *track = antiphon_track_find(c->client, id);
	int64_t speed = 0;
	int code = cli_number(c, "max-speed", 1, SPEED_MAX, &speed);

	if (code)
		return code;
	if (!track)
		return cli_fail(c, EX_DATAERR, "There is no track %s.", id);
	if (!path)
		path = place(c, folder, track);
	if (!path)
		return cli_no_memory(c);
	if (is_there(path, track))
		return tell(c, path, track, false);
	struct str name = print_harmless(c, str_of(track->title), false);
	struct progress progress = progress_of(c, name);
	const struct antiphon_transfer t = { .path = path,
		.progress = progress_step,
		.context = &progress,
		.rate_max = speed * KB };
	code = check_place(c, path);
	if (code)
		return code;
	enum antiphon_result result = antiphon_download(c->client, id, &t);
	progress_end(&progress);
	return result ? fail_download(c, name, result)
	              : tell(c, path, antiphon_track_find(c->client, id), true);
}

int download_run(struct cli *c)
{
	const char *output = cli_option(c, "output"), *folder = ".", *path = NULL, *id;
	int first = EX_OK;
	int64_t speed;
	int code = cli_number(c, "max-speed", 1, SPEED_MAX, &speed);

	if (!code && output && is_folder(output))
		folder = output;
	else if (!code && output && c->argument_count > 1)
		code = cli_fail(c, EX_CANTCREAT,
			"There is no folder %s to download several tracks into.", output);
	else
		path = output;
	if (!code)
		code = session_connect(c);
	for (size_t i = 0; !code && i < c->argument_count; i++) {
		int one = names_track(c, cli_argument(c, i), &id);
		if (!one)
			one = download_one(c, id, folder, path);
		if (!first)
			first = one;
		if (one == EX_UNAVAILABLE || one == EX_NOPERM)
			break; /* no other can do better */
	}
	return code ? code : first;
}

/* SPDX-License-Identifier: MIT
 *
 * download - see download.h.
 *
 * Layer: files.  Threads: the job's.
 */
#include "files/download.h"

#include "files/access.h"
#include "store/tx.h"

/* Columns: digest, type, name to suggest, group of a file. */
static const struct query queries[] = {
	[DOWNLOAD_FILE] = { "SELECT file.blob, file.mime, file.name, chat_group.id FROM file"
			    " JOIN chat_group ON chat_group.pk = file.group_pk WHERE file.id = "
			    "?1" },
	[DOWNLOAD_AUDIO] = { "SELECT blob, mime, CASE artist WHEN '' THEN title ELSE artist || ' - "
			     "' || title END"
			     " FROM track WHERE id = ?1" },
	[DOWNLOAD_COVER] = { "SELECT cover, cover_mime, '' FROM track WHERE id = ?1 AND cover IS "
			     "NOT NULL" },
	[DOWNLOAD_AVATAR] = { "SELECT avatar, avatar_mime, '' FROM user WHERE id = ?1 AND avatar "
			      "IS NOT NULL" },
};

bool download_read_path(struct str path, struct download_ask *out)
{
	static const struct {
		struct str before, after;
		enum download_what what;
	} routes[] = {
		{ { "/api/v1/files/", 14 }, { "", 0 }, DOWNLOAD_FILE },
		{ { "/api/v1/tracks/", 15 }, { "/audio", 6 }, DOWNLOAD_AUDIO },
		{ { "/api/v1/tracks/", 15 }, { "/cover", 6 }, DOWNLOAD_COVER },
		{ { "/api/v1/users/", 14 }, { "/avatar", 7 }, DOWNLOAD_AVATAR },
	};

	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		size_t before = routes[i].before.n, rest = before + UUID_TEXT_BYTES;
		out->what = routes[i].what;
		if (path.n == rest + routes[i].after.n && str_starts(path, routes[i].before) &&
			str_eq(str_after(path, rest), routes[i].after) &&
			!uuid_parse((struct str){ path.p + before, UUID_TEXT_BYTES }, &out->id))
			return true;
	}
	return false;
}

/* What sniff gives out; anything else, however it came into a row, is served as bytes. */
static bool is_media(struct str mime)
{
	static const struct str safe[] = { { "image/png", 9 }, { "image/jpeg", 10 },
		{ "image/gif", 9 }, { "image/webp", 10 } };

	for (size_t i = 0; i < COUNT_OF(safe); i++) {
		if (str_eq(mime, safe[i]))
			return true;
	}
	return str_starts(mime, STR("audio/"));
}

/* The ending that a player expects; names of tracks have none. */
static struct str ending(struct str mime)
{
	static const struct {
		const char *mime, *ending;
	} endings[] = { { "audio/mpeg", ".mp3" }, { "audio/flac", ".flac" },
		{ "audio/wav", ".wav" }, { "audio/aiff", ".aiff" }, { "audio/mp4", ".m4a" },
		{ "audio/aac", ".aac" }, { "audio/ogg", ".ogg" }, { "audio/x-ape", ".ape" },
		{ "audio/x-wavpack", ".wv" } };

	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		if (str_eq(mime, str_of(endings[i].mime)))
			return str_of(endings[i].ending);
	}
	return STR("");
}

enum err download_find(
	struct tx *tx, const struct download_ask *ask, struct arena *a, struct download *out)
{
	struct download d = { .is_inline = true };
	int64_t group_pk;
	struct row *r;
	enum err e = tx_one(tx, &queries[ask->what], VALUES(of_uuid(ask->id)), &r);

	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, e, "There is nothing at this address.");
	if (!e && !row_digest(r, 0, &d.digest))
		e = ERR_INTERNAL;
	if (!e)
		e = row_str(r, 1, a, &d.mime);
	if (!e)
		e = row_str(r, 2, a, &d.filename);
	if (!e && ask->what == DOWNLOAD_FILE)
		e = access_group(tx, ask->user_id, row_uuid(r, 3), &group_pk);
	if (e)
		return e;
	if (!is_media(d.mime)) {
		d.mime = STR("application/octet-stream");
		d.is_inline = false;
	}
	if (ask->what == DOWNLOAD_AUDIO) {
		d.filename = arena_printf(
			a, STR_FMT STR_FMT, STR_ARG(d.filename), STR_ARG(ending(d.mime)));
		if (!d.filename.p)
			return ERR_NOMEM;
	}
	*out = d;
	return ERR_OK;
}

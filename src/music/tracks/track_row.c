/* SPDX-License-Identifier: MIT
 *
 * track_row - see track_row.h.
 *
 * Layer: music.  Threads: the job's.
 */
#include "music/tracks/track_row.h"

#include "accounts/media.h"
#include "base/buf.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "base/text.h"
#include "store/search_index.h"
#include "store/tx.h"

enum { TAGS_MAX = 32, SORT_TITLE_MAX = 32, FIXED_BYTES = 1200 };

static const struct query load = { "SELECT " TRACK_ROW_COLUMNS " FROM track WHERE id = ?1" };
static const struct query owner_of = { "SELECT pk, user_id FROM track WHERE id = ?1" };
static const struct query drop_tags = { "DELETE FROM track_tag WHERE track_pk = ?1" };
static const struct query add_tag = {
	"INSERT OR IGNORE INTO track_tag (tag, track_pk) VALUES (?1, ?2)"
};
static const struct text_index words = {
	{ "INSERT INTO track_text (rowid, words) VALUES (?1, ?2)" },
	{ "INSERT INTO track_text (track_text, rowid, words) VALUES ('delete', ?1, ?2)" },
};

static enum err read_tags(struct str json, struct arena *a, struct strs *out)
{
	struct str *v = arena_array(a, TAGS_MAX, sizeof *v);
	struct json_reader r = json_read_of(json);
	size_t n = 0;
	bool more = false;

	if (!v)
		return ERR_NOMEM;
	enum err e = json_read_open_array(&r);
	if (!e)
		e = json_read_more_elements(&r, &more);
	while (!e && more && n < TAGS_MAX) {
		e = json_read_string(&r, a, &v[n++]);
		if (!e)
			e = json_read_more_elements(&r, &more);
	}
	*out = (struct strs){ v, n };
	return e == ERR_BAD_REQUEST ? ERR_INTERNAL : e;
}

static enum err read_texts(struct row *r, struct arena *a, struct track *t)
{
	struct str tags;
	enum err e = row_str(r, 3, a, &t->title);

	if (!e)
		e = row_str(r, 4, a, &t->artist);
	if (!e)
		e = row_str(r, 5, a, &t->album);
	if (!e)
		e = row_str(r, 6, a, &t->genre);
	if (!e)
		e = row_str(r, 8, a, &tags);
	return e ? e : read_tags(tags, a, &t->tags);
}

static enum err read_media(struct row *r, struct arena *a, struct track *t)
{
	struct digest digest;
	char *hex = arena_alloc(a, DIGEST_HEX_BYTES);
	enum err e = row_str(r, 11, a, &t->audio.mime);

	if (e || !hex)
		return ERR_NOMEM;
	if (!row_digest(r, 10, &digest))
		return ERR_INTERNAL;
	hash_hex(digest, hex);
	t->audio.blake2b = (struct str){ hex, DIGEST_HEX_BYTES };
	t->audio.size = row_int(r, 12);
	t->audio.url = media_audio_url(t->id, a);
	t->coverUrl.set = true;
	t->coverUrl.null = !row_int(r, 13);
	if (!t->coverUrl.null)
		t->coverUrl.v = media_cover_url(t->id, a);
	return t->audio.url.p && (t->coverUrl.null || t->coverUrl.v.p) ? ERR_OK : ERR_NOMEM;
}

enum err track_row_read(struct row *r, struct arena *a, struct track *out)
{
	struct track t = {
		.id = row_uuid(r, 1),
		.userId = row_uuid(r, 2),
		.year = { .set = true, .null = row_is_null(r, 7), .v = row_int(r, 7) },
		.durationMs = { .set = true, .null = row_is_null(r, 9), .v = row_int(r, 9) },
		.rating.count = row_int(r, 15),
		.commentCount = row_int(r, 16),
		.downloads = row_int(r, 17),
		.publishedAt = row_int(r, 18),
		.updatedAt = row_int(r, 19),
	};

	if (t.rating.count > 0)
		t.rating.average = (double)row_int(r, 14) / (double)t.rating.count;
	enum err e = read_texts(r, a, &t);
	if (!e)
		e = read_media(r, a, &t);
	if (!e)
		*out = t;
	return e;
}

/* The row that a query gives for the id of a track. */
static enum err find(struct tx *tx, const struct query *query, struct uuid id, struct row **out)
{
	enum err e = tx_one(tx, query, VALUES(of_uuid(id)), out);

	return e == ERR_NOT_FOUND ? tx_refuse(tx, e, "There is no such track.") : e;
}

enum err track_row_load(struct tx *tx, struct uuid id, struct arena *a, struct track *out)
{
	struct row *r;
	enum err e = find(tx, &load, id, &r);

	return e ? e : track_row_read(r, a, out);
}

enum err track_row_see(struct tx *tx, struct uuid id, struct arena *a, struct track_seen *out)
{
	struct row *r;
	enum err e = find(tx, &load, id, &r);

	if (e)
		return e;
	out->pk = row_int(r, 0);
	return track_row_read(r, a, &out->track);
}

enum err track_row_owner(struct tx *tx, struct uuid id, struct track_owned *out)
{
	struct row *r;
	enum err e = find(tx, &owner_of, id, &r);

	if (!e)
		*out = (struct track_owned){ row_int(r, 0), row_uuid(r, 1) };
	return e;
}

size_t track_row_bytes(const struct track *t)
{
	size_t n = FIXED_BYTES + page_text(t->title) + page_text(t->artist) + page_text(t->album) +
	           page_text(t->genre);

	for (size_t i = 0; i < t->tags.n; i++)
		n += page_text(t->tags.v[i]) + 1;
	return n;
}

/* All that a track is found by, a space apart. */
static struct str searched(const struct track *t, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	const struct str texts[] = { t->title, t->artist, t->album, t->genre };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		buf_append(&b, texts[i]);
		buf_byte(&b, ' ');
	}
	for (size_t i = 0; i < t->tags.n; i++) {
		buf_append(&b, t->tags.v[i]);
		buf_byte(&b, ' ');
	}
	return buf_failed(&b) ? (struct str){ NULL, 0 } : arena_dup(a, buf_str(&b));
}

/* The text is what searched() makes of the row. */
const struct search_source *track_row_search_source(void)
{
	static const struct search_source source = {
		.name = "track_text",
		.index = &words,
		.clear = { "INSERT INTO track_text (track_text) VALUES ('delete-all')" },
		.rows = { "SELECT pk, 0, title || ' ' || artist || ' ' || album || ' ' || genre || "
			  "' ' ||"
			  " coalesce((SELECT group_concat(value, ' ') FROM json_each(tags)), '')"
			  " FROM track WHERE pk > ?1 ORDER BY pk LIMIT ?2" },
		.last = { "SELECT max(pk) FROM track" },
	};

	return &source;
}

enum err track_row_index(struct tx *tx, const struct track *t, int64_t pk, struct arena *a)
{
	struct str text = searched(t, a);

	return text.p ? tx_index_add(tx, &words, &(struct indexed){ pk, 0, text }) : ERR_NOMEM;
}

enum err track_row_unindex(struct tx *tx, const struct track *t, int64_t pk, struct arena *a)
{
	struct str text = searched(t, a);

	return text.p ? tx_index_remove(tx, &words, &(struct indexed){ pk, 0, text }) : ERR_NOMEM;
}

enum err track_row_set_tags(struct tx *tx, int64_t pk, const struct strs *tags, struct arena *a)
{
	struct str folded;
	enum err e = tx_run(tx, &drop_tags, VALUES(of_int(pk)));

	for (size_t i = 0; i < tags->n && !e; i++) {
		e = text_fold_name(tags->v[i], a, &folded);
		if (!e)
			e = tx_run(tx, &add_tag, VALUES(of_str(folded), of_int(pk)));
		else if (e == ERR_BAD_REQUEST)
			e = ERR_OK; /* a tag of invisible characters is kept, but not found */
	}
	return e;
}

struct str track_row_tags_json(const struct strs *tags, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct json_writer w = json_write_into(&b);

	json_write_begin_array(&w);
	for (size_t i = 0; i < tags->n; i++)
		json_write_string(&w, tags->v[i]);
	json_write_end_array(&w);
	return buf_failed(&b) ? (struct str){ NULL, 0 } : arena_dup(a, buf_str(&b));
}

enum err track_row_sort_title(struct str title, struct arena *a, struct str *out)
{
	struct str folded = STR("");
	enum err e = text_fold(title, a, &folded);

	if (e == ERR_NOMEM)
		return e;
	*out = text_prefix(folded, SORT_TITLE_MAX);
	return ERR_OK;
}

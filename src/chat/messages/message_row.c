/* SPDX-License-Identifier: MIT
 *
 * message_row - see message_row.h.
 *
 * Layer: chat.  Threads: the job's.
 */
#include "chat/messages/message_row.h"

#include "accounts/page.h"
#include "chat/messages/file.h"
#include "chat/messages/message_reactions.h"
#include "music/tracks/track_row.h"
#include "store/search_index.h"
#include "store/tx.h"

enum { FIXED_BYTES = 700, FILE_BYTES = 600, REACTION_BYTES = 40, GIVER_BYTES = 39 };

static const struct text_index words = {
	{ "INSERT INTO message_text (rowid, words) VALUES (?1, ?2)" },
	{ "INSERT INTO message_text (message_text, rowid, words) VALUES ('delete', ?1, ?2)" },
};
static const struct query files_of = {
	"SELECT " FILE_COLUMNS " FROM message_file JOIN file ON file.id = message_file.file_id"
	" JOIN chat_group ON chat_group.pk = file.group_pk"
	" WHERE message_file.message_pk = ?1 ORDER BY message_file.position LIMIT 10"
};
static const struct query tracks_of = {
	"SELECT " TRACK_ROW_COLUMNS " FROM message_track"
	" JOIN track ON track.id = message_track.track_id"
	" WHERE message_track.message_pk = ?1 ORDER BY message_track.position LIMIT 10"
};

enum err message_row_index(struct tx *tx, const struct indexed *row)
{
	return tx_index_add(tx, &words, row);
}

enum err message_row_unindex(struct tx *tx, const struct indexed *row)
{
	return tx_index_remove(tx, &words, row);
}

const struct search_source *message_row_search_source(void)
{
	static const struct search_source source = {
		.name = "message_text",
		.index = &words,
		.clear = { "INSERT INTO message_text (message_text) VALUES ('delete-all')" },
		.rows = { "SELECT pk, group_pk, text FROM message WHERE pk > ?1 ORDER BY pk LIMIT "
			  "?2" },
		.last = { "SELECT max(pk) FROM message" },
	};

	return &source;
}

enum err message_row_files(struct tx *tx, int64_t pk, struct arena *a, struct message *out)
{
	struct file *v = arena_array(a, MESSAGE_ROW_FILES_MAX, sizeof *v);
	struct row *r;
	size_t n = 0;
	bool more = false;

	if (!v)
		return ERR_NOMEM;
	enum err e = tx_rows(tx, &files_of, VALUES(of_int(pk)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more && n < MESSAGE_ROW_FILES_MAX) {
		e = file_read(r, a, &v[n++]);
		if (!e)
			e = row_next(r, &more);
	}
	out->files.v = v;
	out->files.n = n;
	return e;
}

enum err message_row_tracks(struct tx *tx, int64_t pk, struct arena *a, struct message *out)
{
	struct track *v = arena_array(a, MESSAGE_ROW_TRACKS_MAX, sizeof *v);
	struct row *r;
	size_t n = 0;
	bool more = false;

	if (!v)
		return ERR_NOMEM;
	enum err e = tx_rows(tx, &tracks_of, VALUES(of_int(pk)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more && n < MESSAGE_ROW_TRACKS_MAX) {
		e = track_row_read(r, a, &v[n++]);
		if (!e)
			e = row_next(r, &more);
	}
	out->tracks.v = v;
	out->tracks.n = n;
	return e;
}

/* What hangs on the message in other tables. */
static enum err read_extras(
	struct tx *tx, struct row *r, const struct message_row_page *page, struct message *out)
{
	int64_t pk = row_int(r, 0), extras = row_int(r, 12);
	enum err e = ERR_OK;

	if (extras & MESSAGE_ROW_FILES)
		e = message_row_files(tx, pk, page->a, out);
	if (!e && (extras & MESSAGE_ROW_TRACKS))
		e = message_row_tracks(tx, pk, page->a, out);
	if (!e && (extras & MESSAGE_ROW_REACTIONS))
		e = message_reactions_read(tx, pk, page->a, out);
	return e;
}

/* The row's own columns. */
static enum err read_row(struct row *r, struct arena *a, struct message *out)
{
	struct message m = {
		.messageId = row_uuid(r, 1),
		.groupId = row_uuid(r, 2),
		.seq = row_int(r, 3),
		.rev = row_int(r, 4),
		.userId = row_uuid(r, 5),
		.timestamp = row_int(r, 7),
		.clientId = { .set = true, .null = row_is_null(r, 8) },
		.replyTo = { .set = true, .null = row_is_null(r, 9), .v = row_uuid(r, 9) },
		.editedAt = { .set = true, .null = row_is_null(r, 10), .v = row_int(r, 10) },
		.deletedAt = { .set = true, .null = row_is_null(r, 11), .v = row_int(r, 11) },
	};
	enum err e = row_str(r, 6, a, &m.message);

	if (!e && !m.clientId.null)
		e = row_str(r, 8, a, &m.clientId.v);
	if (!e)
		*out = m;
	return e;
}

/* What an answer needs for the message, bytes of JSON at most. */
static size_t json_bytes(const struct message *m)
{
	size_t n = FIXED_BYTES + page_text(m->message) + page_text(m->clientId.v);

	for (size_t i = 0; i < m->files.n; i++)
		n += FILE_BYTES + page_text(m->files.v[i].fileName);
	for (size_t i = 0; i < m->tracks.n; i++)
		n += track_row_bytes(&m->tracks.v[i]);
	for (size_t i = 0; i < m->reactions.n; i++)
		n += REACTION_BYTES + page_text(m->reactions.v[i].reaction) +
		     GIVER_BYTES * m->reactions.v[i].userIds.n;
	return n;
}

enum err message_row_list(struct tx *tx, struct row *r, const struct message_row_page *page,
	struct message_row_list *out)
{
	struct page_room room = page_room_new();
	struct message *v = arena_array(page->a, page->max, sizeof *v);

	*out = (struct message_row_list){ .v = v };
	enum err e = v ? row_next(r, &out->more) : ERR_NOMEM;
	while (!e && out->more && out->n < page->max) {
		int64_t pk = row_int(r, 0);
		e = read_row(r, page->a, &v[out->n]);
		if (!e)
			e = read_extras(tx, r, page, &v[out->n]);
		if (e || (!page_room_take(&room, json_bytes(&v[out->n])) && out->n > 0))
			return e; /* there is more: at least this one */
		out->n++;
		out->last_pk = pk;
		e = row_next(r, &out->more);
	}
	return e;
}

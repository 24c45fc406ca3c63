/* SPDX-License-Identifier: MIT
 *
 * message_parts - see message_parts.h.
 *
 * Layer: chat.  Threads: the writer.
 */
#include "chat/messages/message_parts.h"

#include "chat/messages/message_row.h"
#include "files/group_file.h"
#include "store/tx.h"

static const struct query group_of_message = { "SELECT group_pk FROM message WHERE id = ?1" };
static const struct query file_fits = { "SELECT file.group_pk = message.group_pk FROM file, "
					"message WHERE file.id = ?2 AND message.pk = ?1" };
static const struct query track_exists = { "SELECT 1 FROM track WHERE id = ?2 AND ?1 > 0" };
static const struct query add_file = {
	"INSERT INTO message_file (message_pk, position, file_id) VALUES (?1, ?2, ?3)"
};
static const struct query add_track = {
	"INSERT INTO message_track (message_pk, position, track_id) VALUES (?1, ?2, ?3)"
};

static const struct query mark_sent = { "UPDATE file SET sent = 1 WHERE id = ?1 AND sent = 0" };
static const struct query files_of = { "SELECT file_id FROM message_file WHERE message_pk = ?1" };
static const struct query drop_files = { "DELETE FROM message_file WHERE message_pk = ?1" };
static const struct query drop_tracks = { "DELETE FROM message_track WHERE message_pk = ?1" };
static const struct query drop_reactions = { "DELETE FROM reaction WHERE message_pk = ?1" };

/* A list of things that a message carries, and how they are found and kept. */
struct carried {
	struct uuids ids;
	const struct query *check, *add;
	const char *missing, *foreign;
};

static size_t count_of(bool set, bool null, const struct uuids *ids)
{
	return set && !null ? ids->n : 0;
}

int64_t message_parts_extras(const struct message_sent *in)
{
	size_t files = count_of(in->fileIds.set, in->fileIds.null, &in->fileIds.v);
	size_t tracks = count_of(in->trackIds.set, in->trackIds.null, &in->trackIds.v);

	return (files ? MESSAGE_ROW_FILES : 0) | (tracks ? MESSAGE_ROW_TRACKS : 0);
}

enum err message_parts_check_reply(struct tx *tx, const struct message_sent *in, int64_t group_pk)
{
	struct row *r;

	if (!in->replyTo.set || in->replyTo.null)
		return ERR_OK;
	enum err e = tx_one(tx, &group_of_message, VALUES(of_uuid(in->replyTo.v)), &r);
	if (e == ERR_NOT_FOUND)
		return tx_refuse(tx, e, "The field `replyTo` names no message that exists.");
	if (!e && row_int(r, 0) != group_pk)
		return tx_refuse(
			tx, ERR_FORBIDDEN, "The field `replyTo` names a message of another group.");
	return e;
}

static enum err store_list(struct tx *tx, int64_t pk, const struct carried *c)
{
	enum err e = ERR_OK;
	struct row *r;

	for (size_t i = 0; i < c->ids.n && !e; i++) {
		e = tx_one(tx, c->check, VALUES(of_int(pk), of_uuid(c->ids.v[i])), &r);
		if (e == ERR_NOT_FOUND)
			return tx_refuse(tx, e, c->missing);
		if (!e && !row_int(r, 0))
			return tx_refuse(tx, ERR_FORBIDDEN, c->foreign);
		if (!e)
			e = tx_run(tx, c->add,
				VALUES(of_int(pk), of_int((int64_t)i), of_uuid(c->ids.v[i])));
	}
	return e;
}

enum err message_parts_store(struct tx *tx, const struct message_sent *in, int64_t pk,
	struct arena *a, struct message *out)
{
	int64_t extras = message_parts_extras(in);
	const struct carried files = { in->fileIds.v, &file_fits, &add_file,
		"The field `fileIds` names a file that does not exist.",
		"The field `fileIds` names a file of another group." };
	const struct carried tracks = { in->trackIds.v, &track_exists, &add_track,
		"The field `trackIds` names a track that does not exist.", "" };
	enum err e = extras & MESSAGE_ROW_FILES ? store_list(tx, pk, &files) : ERR_OK;

	for (size_t i = 0; !e && (extras & MESSAGE_ROW_FILES) && i < files.ids.n; i++)
		e = tx_run(tx, &mark_sent, VALUES(of_uuid(files.ids.v[i])));
	if (!e && (extras & MESSAGE_ROW_FILES))
		e = message_row_files(tx, pk, a, out);
	if (!e && (extras & MESSAGE_ROW_TRACKS))
		e = store_list(tx, pk, &tracks);
	if (!e && (extras & MESSAGE_ROW_TRACKS))
		e = message_row_tracks(tx, pk, a, out);
	return e;
}

enum err message_parts_drop(struct tx *tx, int64_t pk)
{
	struct uuid files[MESSAGE_ROW_FILES_MAX];
	size_t n = 0;
	struct row *r;
	bool more = false;
	enum err e = tx_rows(tx, &files_of, VALUES(of_int(pk)), &r);

	while (!e && !(e = row_next(r, &more)) && more && n < MESSAGE_ROW_FILES_MAX)
		files[n++] = row_uuid(r, 0);
	if (!e)
		e = tx_run(tx, &drop_files, VALUES(of_int(pk)));
	for (size_t i = 0; i < n && !e; i++)
		e = group_file_drop_unless_carried(tx, files[i]);
	if (!e)
		e = tx_run(tx, &drop_tracks, VALUES(of_int(pk)));
	return e ? e : tx_run(tx, &drop_reactions, VALUES(of_int(pk)));
}

/* SPDX-License-Identifier: MIT
 *
 * upload - see upload.h.
 *
 * Layer: files.  Threads: the job's.
 */
#include "files/upload.h"

#include "accounts/media.h"
#include "files/access.h"
#include "store/tx.h"

static const struct query select_upload = {
	"SELECT size, offset, expires_at, state, purpose, kind, mime, blob, filename, group_id"
	" FROM upload WHERE id = ?1 AND user_id = ?2"
};

enum upload_column {
	SIZE,
	OFFSET,
	EXPIRES_AT,
	STATE,
	PURPOSE,
	KIND,
	MIME,
	BLOB,
	FILENAME,
	GROUP_ID
};

static enum err select_own(struct tx *tx, const struct ask *ask, struct uuid id, struct row **out)
{
	enum err e = tx_one(tx, &select_upload, VALUES(of_uuid(id), of_uuid(ask->user_id)), out);

	return e == ERR_NOT_FOUND ? tx_refuse(tx, e, "There is no such upload of yours.") : e;
}

static int64_t expiry(const struct ask *ask)
{
	return ask->now_ms + ask->limits->upload_expiry * 1000;
}

/* ---- for events ---- */

static const struct query use_upload = { "UPDATE upload SET state = 2, blob = NULL WHERE id = ?1" };

static bool holds(enum upload_purpose purpose, enum sniff_kind kind)
{
	return purpose == UPLOAD_PURPOSE_FILE ||
	       kind == (purpose == UPLOAD_PURPOSE_TRACK ? SNIFF_AUDIO : SNIFF_PICTURE);
}

enum err upload_take(struct tx *tx, const struct ask *ask, const struct upload_wish *wish,
	struct arena *a, struct upload *out)
{
	struct upload u;
	struct row *r;
	enum err e = select_own(tx, ask, wish->id, &r);

	if (e)
		return e;
	if ((enum upload_purpose)row_int(r, PURPOSE) != wish->purpose)
		return tx_refuse(tx, ERR_BAD_REQUEST, "The upload was made for another purpose.");
	if (row_int(r, STATE) == UPLOAD_RECEIVING)
		return tx_refuse(tx, ERR_CONFLICT, "The upload is not complete.");
	if (row_int(r, STATE) == UPLOAD_USED || !row_digest(r, BLOB, &u.blob.digest))
		return tx_refuse(tx, ERR_CONFLICT, "The upload has been used already.");
	if (!holds(wish->purpose, (enum sniff_kind)row_int(r, KIND)))
		return tx_refuse(tx, ERR_BAD_REQUEST,
			wish->purpose == UPLOAD_PURPOSE_TRACK
				? "The upload holds no audio that is known here."
				: "The upload holds no picture that is known here.");
	u.blob.size = row_int(r, SIZE);
	e = row_str(r, MIME, a, &u.mime);
	if (!e)
		e = row_str(r, FILENAME, a, &u.filename);
	if (!e)
		e = tx_run(tx, &use_upload, VALUES(of_uuid(wish->id)));
	if (!e)
		*out = u;
	return e;
}

/* What is reserved and what is kept; a used upload counts where it was used. */
static const struct query select_used_space = {
	"SELECT (SELECT coalesce(sum(size), 0) FROM upload WHERE user_id = ?1 AND state < 2)"
	" + (SELECT coalesce(sum(size), 0) FROM file WHERE user_id = ?1)"
	" + (SELECT coalesce(sum(size), 0) FROM track WHERE user_id = ?1)"
	" + (SELECT coalesce(sum(blob.size), 0) FROM track JOIN blob ON blob.digest = track.cover"
	" WHERE track.user_id = ?1)"
	" + (SELECT coalesce(sum(blob.size), 0) FROM user JOIN blob ON blob.digest = user.avatar"
	" WHERE user.id = ?1)"
};

enum err upload_quota(struct tx *tx, const struct ask *ask, struct uuid user_id, int64_t more)
{
	struct row *r;
	enum err e = tx_one(tx, &select_used_space, VALUES(of_uuid(user_id)), &r);

	if (e)
		return e;
	if (more > ask->limits->user_quota - row_int(r, 0))
		return tx_refuse(tx, ERR_TOO_LARGE,
			"There is not so much room left of your quota; take back tracks or give up "
			"uploads first.");
	return ERR_OK;
}

/* ---- for tus ---- */

static const struct query count_receiving = {
	"SELECT count(*) FROM upload WHERE user_id = ?1 AND state = 0"
};
static const struct query insert_upload = { "INSERT INTO upload (id, user_id, purpose, group_id, "
					    "filename, size, offset, state, expires_at)"
					    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7)" };

static enum err may_create(struct tx *tx, const struct ask *ask, const struct upload_new *in)
{
	struct row *r;
	int64_t group_pk;

	if (in->size > ask->limits->max_upload)
		return tx_refuse(tx, ERR_TOO_LARGE, "The upload is larger than this server takes.");
	if (in->purpose == UPLOAD_PURPOSE_AVATAR && in->size > PICTURE_MAX)
		return tx_refuse(tx, ERR_TOO_LARGE, "A picture may have at most 10 MiB.");
	if (in->purpose == UPLOAD_PURPOSE_FILE && !in->has_group)
		return tx_refuse(tx, ERR_BAD_REQUEST, "A file needs the metadata groupId.");
	enum err e = ERR_OK;
	if (in->purpose == UPLOAD_PURPOSE_FILE)
		e = access_group(tx, ask->user_id, in->group_id, &group_pk);
	if (!e)
		e = tx_one(tx, &count_receiving, VALUES(of_uuid(ask->user_id)), &r);
	if (e)
		return e;
	if (row_int(r, 0) >= ask->limits->uploads_per_user)
		return tx_refuse(tx, ERR_CONFLICT,
			"There are too many unfinished uploads of yours; finish or give up one "
			"first.");
	return upload_quota(tx, ask, ask->user_id, in->size);
}

enum err upload_create(
	struct tx *tx, const struct ask *ask, const struct upload_new *in, int64_t *expires_ms)
{
	enum err e = may_create(tx, ask, in);

	if (!e)
		e = tx_run(tx, &insert_upload,
			VALUES(of_uuid(ask_id(ask, 0)), of_uuid(ask->user_id), of_int(in->purpose),
				of_uuid_if(in->purpose == UPLOAD_PURPOSE_FILE, in->group_id),
				of_str(in->filename), of_int(in->size), of_int(expiry(ask))));
	if (!e)
		*expires_ms = expiry(ask);
	return e;
}

enum err upload_look(
	struct tx *tx, const struct ask *ask, struct uuid id, struct upload_status *out)
{
	struct row *r;
	enum err e = select_own(tx, ask, id, &r);

	if (!e)
		*out = (struct upload_status){
			.size = row_int(r, SIZE),
			.offset = row_int(r, OFFSET),
			.expires_ms = row_int(r, EXPIRES_AT),
			.state = (enum upload_state)row_int(r, STATE),
			.purpose = (enum upload_purpose)row_int(r, PURPOSE),
		};
	return e;
}

static const struct query record_offset = { "UPDATE upload SET offset = ?3, expires_at = ?4 WHERE "
					    "id = ?1 AND user_id = ?2 AND state = 0" };

enum err upload_record(struct tx *tx, const struct ask *ask, struct uuid id, int64_t offset)
{
	enum err e = tx_run(tx, &record_offset,
		VALUES(of_uuid(id), of_uuid(ask->user_id), of_int(offset), of_int(expiry(ask))));

	if (!e && tx_changes(tx) == 0)
		return tx_refuse(tx, ERR_NOT_FOUND, "There is no such upload of yours any more.");
	return e;
}

static const struct query complete_upload = {
	"UPDATE upload SET state = ?2, offset = size, kind = ?3, mime = ?4, blob = ?5, expires_at "
	"= ?6 WHERE id = ?1"
};
static const struct query insert_file = {
	"INSERT INTO file (id, group_pk, user_id, name, mime, size, blob, at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
};

/* The upload's blob becomes a file of the group: it takes over the reference. */
static enum err file_insert(struct tx *tx, const struct ask *ask, const struct upload_content *in,
	struct arena *a, struct file *file)
{
	int64_t group_pk;
	enum err e = access_group(tx, ask->user_id, file->groupId, &group_pk);

	if (!e)
		e = tx_run(tx, &insert_file,
			VALUES(of_uuid(file->fileId), of_int(group_pk), of_uuid(ask->user_id),
				of_str(file->fileName), of_str(file->mime), of_int(file->fileSize),
				of_digest(&in->blob.digest), of_int(ask->now_ms)));
	if (e)
		return e;
	file->url = media_file_url(file->fileId, a);
	return file->url.p ? ERR_OK : ERR_NOMEM;
}

enum err upload_complete(struct tx *tx, const struct ask *ask, const struct upload_whole *in,
	struct arena *a, struct upload_completed *out)
{
	struct row *r;
	enum err e = select_own(tx, ask, in->id, &r);

	if (e)
		return e;
	bool for_group = row_int(r, PURPOSE) == UPLOAD_PURPOSE_FILE;
	struct file f = {
		.fileId = in->id,
		.groupId = row_uuid(r, GROUP_ID),
		.fileSize = row_int(r, SIZE),
		.mime = str_of(in->content.mime),
		.userId = ask->user_id,
		.timestamp = ask->now_ms,
	};
	if (row_int(r, STATE) != UPLOAD_RECEIVING)
		return tx_refuse(tx, ERR_CONFLICT, "The upload is complete already.");
	e = row_str(r, FILENAME, a, &f.fileName);
	if (!e)
		e = blob_ref(tx, &in->content.blob);
	if (!e)
		e = tx_run(tx, &complete_upload,
			VALUES(of_uuid(in->id), of_int(for_group ? UPLOAD_USED : UPLOAD_COMPLETE),
				of_int(in->content.kind), of_str(str_of(in->content.mime)),
				for_group ? of_null() : of_digest(&in->content.blob.digest),
				of_int(expiry(ask))));
	if (!e && for_group)
		e = file_insert(tx, ask, &in->content, a, &f);
	if (e)
		return e;
	*out = (struct upload_completed){ for_group, f };
	return ERR_OK;
}

static const struct query delete_upload = { "DELETE FROM upload WHERE id = ?1" };

static enum err forget(struct tx *tx, struct uuid id, bool has_blob, const struct digest *blob)
{
	enum err e = tx_run(tx, &delete_upload, VALUES(of_uuid(id)));

	return e || !has_blob ? e : blob_unref(tx, blob);
}

enum err upload_delete(struct tx *tx, const struct ask *ask, struct uuid id)
{
	struct digest blob;
	struct row *r;
	enum err e = select_own(tx, ask, id, &r);

	if (e)
		return e;
	bool has_blob = row_digest(r, BLOB, &blob);
	return forget(tx, id, has_blob, &blob);
}

/* ---- the sweep ---- */

static const struct query select_expired = {
	"SELECT id, blob FROM upload WHERE expires_at <= ?1 LIMIT 100"
};
static const struct query select_receiving = { "SELECT 1 FROM upload WHERE id = ?1 AND state = 0" };

enum err upload_sweep(struct tx *tx, int64_t now_ms, struct upload_swept *out)
{
	struct digest blobs[UPLOAD_SWEEP_MAX];
	bool has_blob[UPLOAD_SWEEP_MAX];
	struct row *r;
	bool more = false;
	enum err e = tx_rows(tx, &select_expired, VALUES(of_int(now_ms)), &r);

	out->n = 0;
	while (!e && !(e = row_next(r, &more)) && more && out->n < UPLOAD_SWEEP_MAX) {
		out->ids[out->n] = row_uuid(r, 0);
		has_blob[out->n] = row_digest(r, 1, &blobs[out->n]);
		out->n++;
	}
	for (size_t i = 0; i < out->n && !e; i++)
		e = forget(tx, out->ids[i], has_blob[i], &blobs[i]);
	return e;
}

enum err upload_is_receiving(struct tx *tx, struct uuid id, bool *out)
{
	struct row *r;
	enum err e = tx_one(tx, &select_receiving, VALUES(of_uuid(id)), &r);

	*out = e == ERR_OK;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

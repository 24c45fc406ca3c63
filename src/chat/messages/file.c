/* SPDX-License-Identifier: MIT
 *
 * file - see file.h.
 *
 * Layer: chat.  Threads: as said at each function there.
 */
#include "chat/messages/file.h"

#include "files/upload.h"
#include "store/tx.h"

static const struct query insert = {
	"INSERT INTO file (id, group_pk, user_id, name, mime, size, blob, at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
};

enum err file_read(struct row *r, struct arena *a, struct file *out)
{
	struct file f = {
		.fileId = row_uuid(r, 0),
		.groupId = row_uuid(r, 1),
		.fileSize = row_int(r, 3),
		.userId = row_uuid(r, 5),
		.timestamp = row_int(r, 6),
	};
	enum err e = row_str(r, 2, a, &f.fileName);

	if (!e)
		e = row_str(r, 4, a, &f.mime);
	if (e)
		return e;
	f.url = media_file_url(f.fileId, a);
	if (!f.url.p)
		return ERR_NOMEM;
	*out = f;
	return ERR_OK;
}

enum err file_store(struct tx *tx, const struct ask *ask, const struct file_new *in,
	struct arena *a, struct file *out)
{
	struct uuid id = ask_id(ask, 0);
	enum err e = upload_quota(tx, ask, ask->user_id, in->blob.size);

	if (!e)
		e = blob_ref(tx, &in->blob);
	if (!e)
		e = tx_run(tx, &insert,
			VALUES(of_uuid(id), of_int(in->group_pk), of_uuid(ask->user_id),
				of_str(in->name), of_str(str_of(in->mime)), of_int(in->blob.size),
				of_digest(&in->blob.digest), of_int(ask->now_ms)));
	if (e)
		return e;
	*out = (struct file){
		.fileId = id,
		.groupId = in->group_id,
		.fileName = in->name,
		.fileSize = in->blob.size,
		.mime = str_of(in->mime),
		.url = media_file_url(id, a),
		.userId = ask->user_id,
		.timestamp = ask->now_ms,
	};
	return out->url.p ? ERR_OK : ERR_NOMEM;
}

void file_announce(struct hub *hub, const struct ask *ask, const struct file *f)
{
	hub_emit_group(hub, EVENT_chat_file_uploaded, f, f->groupId, ask_except(ask));
}

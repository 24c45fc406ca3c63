/* SPDX-License-Identifier: MIT
 *
 * file_uploaded - FILE_UPLOADED: a small file comes as an attachment and belongs to a group.
 *
 * Layer: chat.  Threads: prepare a worker, apply the writer, announce the loop.
 */
#include "chat/groups/group_rights.h"
#include "chat/messages/file.h"
#include "dispatch/verb.h"
#include "files/sniff.h"
#include "store/blob.h"
#include "store/tx.h"

struct file_uploaded_prepared {
	struct blob blob;
	const char *mime;
};

struct file_uploaded_out {
	struct file file;
};

enum err file_uploaded_prepare(struct blobs *blobs, const struct ask *ask,
	const struct file_uploaded *in, struct arena *a, struct file_uploaded_prepared **out)
{
	struct file_uploaded_prepared *made = ARENA_NEW(a, struct file_uploaded_prepared);
	struct str head = in->data;

	if (!made)
		return ERR_NOMEM;
	if ((int64_t)in->data.n > ask->limits->max_payload)
		return ERR_TOO_LARGE;
	if (head.n > SNIFF_BYTES)
		head.n = SNIFF_BYTES;
	made->mime = sniff(head).mime;
	*out = made;
	return blob_write(blobs, in->data, &made->blob);
}

enum err file_uploaded_apply(struct tx *tx, const struct ask *ask, const struct file_uploaded *in,
	struct arena *a, struct file_uploaded_out **out)
{
	const struct file_uploaded_prepared *prepared = ask->prepared;
	struct file_uploaded_out *made = ARENA_NEW(a, struct file_uploaded_out);
	bool is_named = in->groupId.set && !in->groupId.null;
	struct uuid group_id;
	struct group_seen g;

	if (!made)
		return ERR_NOMEM;
	enum err e = blob_offer(tx, &prepared->blob);
	const char *none = group_rights_meant(ask, is_named, in->groupId.v, &group_id);
	if (!e && none)
		e = tx_refuse(tx, ERR_CONFLICT, none);
	if (!e)
		e = group_rights_see_as_member(tx, ask, group_id, a, &g);
	if (e)
		return e;
	const struct file_new file = { .group_pk = g.pk,
		.group_id = g.group.id,
		.name = in->fileName,
		.mime = prepared->mime,
		.blob = prepared->blob };
	*out = made;
	return file_store(tx, ask, &file, a, &made->file);
}

void file_uploaded_announce(struct hub *hub, const struct ask *ask, const struct file_uploaded *in,
	const struct file_uploaded_out *out)
{
	const struct file_answer answer = { out->file.fileId, out->file.url };

	(void)in;
	hub_answer(hub, ask, &answer);
	file_announce(hub, ask, &out->file);
}

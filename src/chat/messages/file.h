/* SPDX-License-Identifier: MIT
 *
 * file - the files of groups, as rows and as they travel.
 *
 * An upload over HTTP becomes a row in files/upload.h (upload_complete); FILE_UPLOADED makes one here. Both are told by
 * file_announce.
 *
 * Layer: chat.  Threads: as said at each function.
 */
#ifndef CHAT_FILE_H
#define CHAT_FILE_H

#include "accounts/media.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "dispatch/hub.h"
#include "store/blob.h"

struct row;
struct tx;

/* The columns that file_read takes; FROM file JOIN chat_group ON chat_group.pk = file.group_pk. */
#define FILE_COLUMNS                                                                               \
	"file.id, chat_group.id, file.name, file.size, file.mime, file.user_id, file.at"

/* Fills the payload; strings in the arena. ERR_NOMEM. */
NODISCARD enum err file_read(struct row *r, struct arena *a, struct file *out);

/* What a new file is made from. */
struct file_new {
	int64_t group_pk;
	struct uuid group_id;
	struct str name;
	const char *mime;
	struct blob blob;
};

/*
 * On the writer: the asker's file, with the id ask_id(ask, 0); its blob gets one reference more. Refuses with ERR_TOO_LARGE
 * over the user's quota; else as tx_run.
 */
NODISCARD enum err file_store(struct tx *tx, const struct ask *ask, const struct file_new *in,
	struct arena *a, struct file *out);

/* On the loop, after the commit: FILE_UPLOADED to all members but the socket that asked for an acknowledgement. */
void file_announce(struct hub *hub, const struct ask *ask, const struct file *f);

#endif

/* SPDX-License-Identifier: MIT
 *
 * upload - bytes that a user sends over HTTP before something uses them: a track's audio, a
 * picture, a group's file. The rows; the bytes themselves are in part (while they come) and in the
 * blob store (when complete).
 *
 * `offset` is what is flushed to the disk: it is recorded after the flush and before the answer, so
 * an upload goes on after a restart exactly where the client was told. A complete upload holds one
 * reference to its blob; who takes the upload takes that reference over, so `blob_ref` is not
 * called again for it.
 *
 * Layer: files.  Threads: the job's; what changes rows, the writer.
 */
#ifndef FILES_UPLOAD_H
#define FILES_UPLOAD_H

#include "base/arena.h"
#include "dispatch/ask.h"
#include "files/sniff.h"
#include "store/blob.h"

struct tx;

/* ---- for events ---- */

struct upload {
	struct blob blob;
	struct str mime;     /* sniffed from the bytes */
	struct str filename; /* as the user called it; may be empty */
};

/* Which one, for what. */
struct upload_wish {
	struct uuid id;
	enum upload_purpose purpose;
};

/*
 * On the writer: takes a complete upload of the asker's for one use; strings in the arena. The
 * reference to the blob is the caller's row's from now on. Refuses: ERR_NOT_FOUND when the asker has
 * no such upload, ERR_CONFLICT when it is not complete or was used, ERR_BAD_REQUEST when it was made
 * for another purpose or holds something else: TRACK must hold audio, AVATAR a picture.
 */
NODISCARD enum err upload_take(struct tx *tx, const struct ask *ask, const struct upload_wish *wish,
	struct arena *a, struct upload *out);

/* ERR_TOO_LARGE, refused, when `more` bytes do not fit the user's quota (limits->user_quota). Else
 * as tx_one. */
NODISCARD enum err upload_quota(
	struct tx *tx, const struct ask *ask, struct uuid user_id, int64_t more);

/* ---- for tus ---- */

enum upload_state { UPLOAD_RECEIVING, UPLOAD_COMPLETE, UPLOAD_USED };

struct upload_new {
	int64_t size;
	enum upload_purpose purpose;
	bool has_group;
	struct uuid group_id; /* for FILE */
	struct str filename;
};

/*
 * On the writer: reserves the space; the id is ask_id(ask, 0). Refuses: ERR_TOO_LARGE over
 * limits->max_upload or the quota, ERR_CONFLICT when limits->uploads_per_user are unfinished,
 * ERR_BAD_REQUEST for a file without group, ERR_NOT_FOUND and ERR_FORBIDDEN for a group that is not
 * there or not the asker's.
 */
NODISCARD enum err upload_create(
	struct tx *tx, const struct ask *ask, const struct upload_new *in, int64_t *expires_ms);

struct upload_status {
	int64_t size, offset, expires_ms;
	enum upload_state state;
	enum upload_purpose purpose;
};

/* Refuses with ERR_NOT_FOUND when the asker has no such upload. */
NODISCARD enum err upload_look(
	struct tx *tx, const struct ask *ask, struct uuid id, struct upload_status *out);

/*
 * On the writer: so many bytes are flushed. The upload lives on from now. ERR_NOT_FOUND. When all
 * of them are, the part does not change any more, and upload_complete is still to come, now or when
 * somebody looks again.
 */
NODISCARD enum err upload_record(
	struct tx *tx, const struct ask *ask, struct uuid id, int64_t offset);

/* What a complete upload turned out to be. */
struct upload_content {
	struct blob blob;
	enum sniff_kind kind;
	const char *mime; /* static */
};

/* Which one, and that. */
struct upload_whole {
	struct uuid id;
	struct upload_content content;
};

struct upload_completed {
	bool is_file;
	struct file file; /* what FILE_UPLOADED tells; strings in the arena */
};

/*
 * On the writer: all bytes are there and adopted by the blob store. An upload with purpose FILE
 * becomes a file of its group with the upload's id: is_file. Refuses as upload_create does for the group;
 * ERR_NOT_FOUND, ERR_CONFLICT when it was complete.
 */
NODISCARD enum err upload_complete(struct tx *tx, const struct ask *ask,
	const struct upload_whole *in, struct arena *a, struct upload_completed *out);

/* On the writer: gives it up. Its part may then be removed. Refuses with ERR_NOT_FOUND. */
NODISCARD enum err upload_delete(struct tx *tx, const struct ask *ask, struct uuid id);

/* ---- the sweep ---- */

enum { UPLOAD_SWEEP_MAX = 100 };

struct upload_swept {
	struct uuid ids[UPLOAD_SWEEP_MAX]; /* whose parts may be removed */
	size_t n;
};

/* On the writer: removes at most UPLOAD_SWEEP_MAX expired rows. */
NODISCARD enum err upload_sweep(struct tx *tx, int64_t now_ms, struct upload_swept *out);

/* True when the id's part is still wanted: the row is there and receiving. */
NODISCARD enum err upload_is_receiving(struct tx *tx, struct uuid id, bool *out);

#endif

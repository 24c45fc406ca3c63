/* SPDX-License-Identifier: MIT
 *
 * upload - bytes that a user has sent over HTTP before an event uses them: a track's audio, a
 * picture.
 *
 * The row holds one reference to its blob while it is complete and not used; who takes the upload
 * takes that reference over, so `blob_ref` is not called again for it.
 *
 * Layer: files.  Threads: the writer.
 */
#ifndef FILES_UPLOAD_H
#define FILES_UPLOAD_H

#include "base/arena.h"
#include "dispatch/ask.h"
#include "store/blob.h"

struct tx;

struct upload {
	struct blob blob;
	struct str mime;     /* sniffed from the bytes */
	struct str filename; /* as the user called it; may be empty */
};

/*
 * Takes a complete upload of the asker's for one use; strings in the arena. The reference to the
 * blob is the caller's row's from now on. Refuses (tx_refuse): ERR_NOT_FOUND when the asker has no
 * such upload, ERR_CONFLICT when it is not complete or was used, ERR_BAD_REQUEST when it was made
 * for another purpose. What it holds is what the purpose asks for: audio for TRACK, a picture for
 * AVATAR.
 */
NODISCARD enum err upload_take(struct tx *tx, const struct ask *ask, struct uuid id,
	enum upload_purpose purpose, struct arena *a, struct upload *out);

#endif

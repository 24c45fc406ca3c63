/* SPDX-License-Identifier: MIT
 *
 * download - which blob stands behind an address of the media routes, and how it is to be served.
 *
 * Layer: files.  Threads: the job's.
 */
#ifndef FILES_DOWNLOAD_H
#define FILES_DOWNLOAD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/uuid.h"
#include "store/blob.h"

struct tx;

enum download_what { DOWNLOAD_FILE, DOWNLOAD_AUDIO, DOWNLOAD_COVER, DOWNLOAD_AVATAR };

struct download {
	struct digest digest;
	struct str mime;     /* one that no browser runs */
	struct str filename; /* to suggest; may be empty */
	bool is_inline; /* pictures and audio may be shown where they are; the rest is to be saved
			 */
};

/* Whose picture, which track, which file; who asks must be in the group of a file. */
struct download_ask {
	enum download_what what;
	struct uuid id;
	struct uuid user_id;
};

/* What a path of the media routes, without a query, is about: what and id of *out. False for any other. */
bool download_read_path(struct str path, struct download_ask *out);

/* Refuses: ERR_NOT_FOUND, ERR_FORBIDDEN. Strings in the arena. */
NODISCARD enum err download_find(
	struct tx *tx, const struct download_ask *ask, struct arena *a, struct download *out);

#endif

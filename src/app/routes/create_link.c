/* SPDX-License-Identifier: MIT
 *
 * create_link - POST /links: an address of a file, audio or picture that opens by itself for ten minutes, for what cannot
 * send a token or the cookie.
 *
 * Layer: app.  Threads: see http/route.h.
 */
#include "accounts/media.h"
#include "app/http/route.h"
#include "files/download.h"
#include "store/tx.h"

enum err create_link_read(struct tx *tx, const struct route_ask *ask, const struct create_link *in,
	struct arena *a, struct signed_link *answer)
{
	struct download_ask wish = { .user_id = ask->ask.user_id };
	struct download found;
	struct media_link made;

	if (!download_read_path(in->path, &wish))
		return tx_refuse(tx, ERR_BAD_REQUEST,
			"The field `path` must be one of a file, audio or picture of this server, "
			"without a "
			"query.");
	enum err e = download_find(tx, &wish, a, &found);
	if (!e)
		e = media_sign(tx, &ask->ask, in->path, a, &made);
	if (!e)
		*answer = (struct signed_link){ made.url, made.until_ms };
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * api_transfer - the bytes of an upload on their way from the connection to the disk. Private to
 * app/http.
 *
 * Layer: app.  Threads: the loop's.
 */
#ifndef APP_HTTP_API_TRANSFER_H
#define APP_HTTP_API_TRANSFER_H

#include "app/http/api_call.h"

/* The request that writes to an upload now, or NULL: there is one at a time. */
struct transfer *api_transfer_find(struct http_api *api, struct uuid id);

/* PATCH: takes the request's bytes behind those that the upload has, and answers. No other transfer
 * has the id. */
void api_transfer_begin(struct api_call *c, struct uuid id);

/* The server is about to stop: each transfer keeps what has come, and its asker is sent away. */
void api_transfer_drain(struct http_api *api);

/*
 * All `size` bytes of an upload are flushed and recorded: hashes them, puts them into the blob
 * store, completes the row, tells the group of a file, removes the part; then calls `then`, with
 * what went wrong. Of the status the size and the purpose count: a picture that is too large when it is shown is refused,
 * and the upload forgotten.
 */
void api_finish(struct api_call *c, struct uuid id, const struct upload_status *status,
	void (*then)(struct api_call *c, enum err e, const char *sentence));

/* Of api_upload: answers with the fields of tus. */
void api_upload_expires(struct api_call *c, int64_t expires_ms);
void api_upload_answer(struct api_call *c, int status);
void api_upload_fail(struct api_call *c, enum err e, int status, const char *sentence);

#endif

/* SPDX-License-Identifier: MIT
 *
 * cache - the file in which a client's model and its unsent messages outlive it: antiphon.db in the data folder.
 *
 * A change is written at once into the transaction of the turn; its end commits. Two programs may share the file: what both
 * write is what the server says, and an unsent message has a clientId. When a thing cannot be written (a full disk, a lock
 * that is held for seconds), the turn is taken back and no thing is written any more: the file is older then, but whole, and the
 * next program asks for what it lacks. Messages are written all the same, each at once.
 *
 * Layer: client.  Threads: one owner at a time.
 */
#ifndef CLIENT_CACHE_H
#define CLIENT_CACHE_H

#include "client/model.h"

struct cache;

/*
 * Opens the file of the folder, which is made with mode 0700 when it is not there; its parent must be. What another server's URL
 * has left there is forgotten. ERR_UNAVAILABLE when it cannot be used, ERR_NOMEM.
 */
NODISCARD enum err cache_open(const char *folder, const char *url, struct cache **out);

/* Commits and closes. NULL is taken. */
void cache_close(struct cache *c);

/* Everything into the model, by key. ERR_UNAVAILABLE, ERR_NOMEM. */
NODISCARD enum err cache_load(struct cache *c, struct model *m);

/* As model_handler's keep. */
void cache_keep(struct cache *c, const struct model_record *r, bool gone);

/* An unsent message: the JSON of its request. *number names it, 0 when it could not be written. */
void cache_add_message(struct cache *c, struct str json, int64_t *number);
void cache_drop_message(struct cache *c, int64_t number);

/* All unsent ones, the oldest first; fn must not change them. */
NODISCARD enum err cache_each_message(
	struct cache *c, void (*fn)(void *context, int64_t number, struct str json), void *context);

/* An upload under way. */
struct cache_upload {
	struct str path, metadata; /* which file, for what */
	int64_t size, mtime_ns;    /* of the file as it was then */
	struct str location;       /* on the server */
};

/* Kept at once; forgotten when its location is empty. */
void cache_keep_upload(struct cache *c, const struct cache_upload *u);

/* The location of the upload for this file, unless it has changed since; location stays as it is when there is none. */
void cache_find_upload(
	struct cache *c, const struct cache_upload *u, char *location, size_t location_max);

/* Ends the turn. */
void cache_commit(struct cache *c);

#endif

/* SPDX-License-Identifier: MIT
 *
 * model - what a client knows: users, tracks, comments, ratings, groups, messages, settings, notifications.
 *
 * Pure: it is told what the server says and raises the events of model_events.def; what it needs to ask and what is to be kept
 * it hands to its owner. After a connection that was not recovered it asks for what has changed and raises single events for what
 * differs, nothing else. What comes twice is raised once. It knows no socket and no file.
 *
 * Layer: client.  Threads: one owner at a time.
 */
#ifndef CLIENT_MODEL_H
#define CLIENT_MODEL_H

#include <antiphon/antiphon.h>

#include "client/shelf.h"
#include "schema/schema_decode.h"

struct model;

/* The kinds of things; the numbers stand in files. */
enum model_kind {
	MODEL_USER,   /* connected; not kept */
	MODEL_PERSON, /* any user that is known */
	MODEL_TRACK,
	MODEL_COMMENT, /* key: track, comment */
	MODEL_RATING,  /* key: track, user */
	MODEL_GROUP,
	MODEL_MESSAGE, /* key: group, seq */
	MODEL_SETTING, /* key: its name */
	MODEL_NOTIFICATION,
	MODEL_KIND_COUNT,
	MODEL_ME = 100, /* oneself: a user without a key */
	MODEL_REV,      /* rev: how far the catalogue is known */
};

/* A thing as it is kept. */
struct model_record {
	enum model_kind kind;
	struct str key;
	int64_t rev, mark;
	struct str json; /* its payload; of MODEL_REV empty */
};

struct model_handler {
	/* payload: as the event's row says, for the call. */
	void (*raise)(void *context, enum antiphon_event event, const void *payload);
	/*
	 * The owner asks the server and hands the answer to model_answer. It asks again what is refused with rate_limited
	 * or unavailable, and after a loss that was recovered; after one that was not it forgets what waits.
	 */
	void (*ask)(void *context, enum event_id id, struct str json);
	/* The record is to be kept; gone: forgotten, with all of its kind whose keys begin with its key (a setting: alone, unless its key is empty). */
	void (*keep)(void *context, const struct model_record *r, bool gone);
};

/* handler: a static table. ERR_NOMEM. */
NODISCARD enum err model_new(
	const struct model_handler *handler, void *context, struct model **out);
void model_free(struct model *m);

/* A kept record, before anything else. ERR_BAD_REQUEST for one that is damaged: it is passed over. ERR_NOMEM. */
NODISCARD enum err model_load(struct model *m, const struct model_record *r);

/* The namespace is connected. Not recovered: it synchronises anew. */
void model_connected(struct model *m, enum ns ns, bool recovered);

/*
 * An event from the server: its first argument, empty for none, and its attachments. ERR_UNKNOWN_EVENT, ERR_BAD_REQUEST for a payload that is none: nothing
 * has changed and nothing was raised. ERR_NOMEM.
 */
NODISCARD enum err model_event(
	struct model *m, enum ns ns, struct str name, const struct schema_source *in);

/* How a request ended; both texts are JSON that schema_decode takes. */
struct model_answer {
	enum event_id id;
	struct str request;
	struct str answer; /* the acknowledgement; empty: refused */
	bool own;          /* asked by `ask` */
};

/* Takes in what an acknowledgement tells. Errors as model_event. */
NODISCARD enum err model_answer(struct model *m, const struct model_answer *a);

/* True when /music takes requests: USER_CONNECT was answered in this connection. */
bool model_has_entered(const struct model *m);

/* True when it is in step with the server. */
bool model_is_synchronised(const struct model *m);

/* Borrowed until the next call that changes the model. me: NULL when it is not known. */
const struct shelf *model_shelf(const struct model *m, enum model_kind kind);
const struct antiphon_user *model_me(const struct model *m);

/* The payload of a kind. */
const struct payload *model_payload(enum model_kind kind);

#endif

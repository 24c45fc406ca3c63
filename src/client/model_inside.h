/* SPDX-License-Identifier: MIT
 *
 * model_inside - what the model's files share.
 *
 * Layer: client, private to the model.  Threads: the model's owner's.
 */
#ifndef CLIENT_MODEL_INSIDE_H
#define CLIENT_MODEL_INSIDE_H

#include "base/arena.h"
#include "client/model.h"

struct model {
	const struct model_handler *handler;
	void *context;
	struct shelf shelves[MODEL_KIND_COUNT];
	struct item *me;
	struct arena scratch; /* of the call at hand */
	/* /music */
	const struct schema_source
		*at_hand;      /* the event's, whose attachments its payload names; NULL: none */
	struct shelf arriving; /* those connected, while the list comes in pages */
	struct shelf gone;     /* tracks that have gone while the catalogue comes in pages */
	int64_t rev, seen_rev; /* the catalogue is known up to; the highest that was relayed */
	int64_t whole_rev;     /* the same when it was whole last; 0: never yet */
	bool entered, users_whole, music_whole; /* in this connection */
	bool users_told, tracks_told;           /* NEW_USERS, NEW_TRACKS */
	/* /chat */
	bool chat_whole;
	bool asking_history; /* of one group after the other */
	int64_t asked_seen;  /* its item's seen at that moment */
};

/* A key of one or two ids, of a group and a seq; in the arena-free buffer of the caller. */
struct model_key {
	char b[32];
	size_t n;
};

struct model_key model_key_of(struct uuid id);
struct model_key model_key_pair(struct uuid first, struct uuid second);
struct model_key model_key_seq(struct uuid group_id, int64_t seq);
struct str model_key_str(const struct model_key *key);

/* Decodes into the scratch arena. ERR_BAD_REQUEST, ERR_NOMEM. */
NODISCARD enum err model_decode(
	struct model *m, const struct payload *p, struct str json, void *out);

/* Raises an event whose payload is the wire struct of p. ERR_NOMEM. */
NODISCARD enum err model_raise(
	struct model *m, enum antiphon_event event, const struct payload *p, const void *wire);
void model_raise_item(struct model *m, enum antiphon_event event, const struct item *it);

/* Asks; in: the struct of the row's payload. ERR_NOMEM. */
NODISCARD enum err model_ask(struct model *m, enum event_id id, const void *in);

/* Puts a thing there, keeps it; *out (may be NULL) borrows it. rev and mark are taken as given. ERR_NOMEM. */
struct model_put {
	enum model_kind kind;
	struct str key;
	const void *wire;
	int64_t rev, mark;
	struct item **out;
};
NODISCARD enum err model_put(struct model *m, const struct model_put *what);

/* The item has changed in place: keeps it. ERR_NOMEM. */
NODISCARD enum err model_keep(struct model *m, enum model_kind kind, const struct item *it);

/* Forgets all of the kind whose keys begin so. */
void model_forget(struct model *m, enum model_kind kind, struct str prefix);

/* The wire struct of an item, in the scratch arena. ERR_NOMEM. */
NODISCARD enum err model_thaw(
	struct model *m, enum model_kind kind, const struct item *it, void *out);

/* Says SYNCHRONISED when both namespaces are. */
void model_look_whole(struct model *m);

/* How a change came. */
enum model_source {
	MODEL_SOURCE_FIRST, /* the catalogue, the first time: nothing is raised */
	MODEL_SOURCE_LIST,
	MODEL_SOURCE_RELAY
};

struct model_change {
	enum model_kind kind;
	struct model_key key;
	const void *wire;
	int64_t rev;
	enum model_source source;
	enum antiphon_event created, updated;
};

/* model_music.c */
NODISCARD enum err model_music_take(struct model *m,
	const struct model_change
		*in); /* puts what is newer than what is known and raises its event */
NODISCARD enum err model_music_begin_changes(struct model *m);
NODISCARD enum err model_music_begin(struct model *m);
NODISCARD enum err model_music_event(struct model *m, enum event_id id, struct str json);
NODISCARD enum err model_music_answer(struct model *m, const struct model_answer *a);

/* model_user.c */
NODISCARD enum err model_user_me(struct model *m, const struct user *in);
NODISCARD enum err model_user_person(struct model *m, const struct user *in); /* with its own rev */
NODISCARD enum err model_user_seen_at(struct model *m, const struct user *in, int64_t rev);
NODISCARD enum err model_user_connected(struct model *m, const struct user *v, size_t n);
NODISCARD enum err model_user_page(struct model *m, const struct users_page *page);
NODISCARD enum err model_user_came(struct model *m, const struct user *in);
NODISCARD enum err model_user_changed(struct model *m, const struct user *in);
void model_user_went(struct model *m, struct uuid id);
NODISCARD enum err model_user_presence(struct model *m, const struct presence_digest *in);
NODISCARD enum err model_user_status(struct model *m, const struct status_changed *in);

/* model_chat.c */
NODISCARD enum err model_chat_event(struct model *m, enum event_id id, struct str json);
NODISCARD enum err model_chat_groups(
	struct model *m, const struct snapshot *s); /* those that are new, silently */
NODISCARD enum err model_chat_join(struct model *m, const struct group *in);
void model_chat_leave(struct model *m, struct uuid group_id);
bool model_chat_is_me(const struct model *m, struct uuid id);
NODISCARD enum err model_chat_setting(struct model *m, const struct setting *in);
NODISCARD enum err model_chat_read(struct model *m, struct uuid group_id, int64_t seq);
void model_chat_notification_read(struct model *m, struct str id);

/* model_snapshot.c. now_ms: when it was made. */
NODISCARD enum err model_snapshot_take(struct model *m, const struct snapshot *s, int64_t now_ms);

/* model_reply.c: acknowledgements of /chat. */
NODISCARD enum err model_reply(struct model *m, const struct model_answer *a);

/* model_message.c */
struct item *model_message_group(struct model *m, struct uuid group_id);
NODISCARD enum err model_message_put(struct model *m, const struct message *in, bool *is_new);
NODISCARD enum err model_message_catch_up(struct model *m);
NODISCARD enum err model_message_history(
	struct model *m, const struct get_history *asked, const struct history *h);
NODISCARD enum err model_message_edit(struct model *m, const struct message_edit *in, bool *is_new);
NODISCARD enum err model_message_delete(
	struct model *m, const struct message_deletion *in, bool *is_new);
NODISCARD enum err model_message_react(
	struct model *m, const struct message_reaction_change *in, bool *is_new);
void model_message_rev(struct model *m, struct uuid group_id, int64_t rev);

#endif

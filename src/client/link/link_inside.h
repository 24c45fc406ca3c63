/* SPDX-License-Identifier: MIT
 *
 * link_inside - what the files of link share and nobody else sees.
 *
 * Layer: client, private to link.  Threads: its loop's.
 */
#ifndef CLIENT_LINK_INSIDE_H
#define CLIENT_LINK_INSIDE_H

#include "base/arena.h"
#include "base/limits.h"
#include "client/link/link.h"
#include "client/link/transport.h"
#include "sio/sio_packet.h"

enum link_state {
	LINK_IDLE,       /* nothing is to be connected */
	LINK_WAITING,    /* for the next attempt */
	LINK_CONNECTING, /* an attempt is under way */
	LINK_OPEN,       /* there is a session */
};

enum link_space_state {
	LINK_SPACE_OFF, /* refused, or ended by the server: only link_join changes that */
	LINK_SPACE_WANTED,
	LINK_SPACE_JOINING, /* CONNECT is sent */
	LINK_SPACE_JOINED,
};

struct link_space {
	struct link_space *next;
	enum link_space_state state;
	struct buf pid,
		offset; /* of connection state recovery: as the server gave them; may be empty */
	size_t name_n;
	char name[NAMESPACE_NAME_MAX];
};

/* An acknowledgement that is awaited. */
struct link_pending {
	struct link_pending *next, *prev;
	struct link *link;
	const struct link_space *space;
	uint64_t id;
	void (*ack)(void *context, const struct link_answer *a);
	void *context;
	struct timer timer;
};

/* A binary packet of which attachments are to come. */
struct link_assembly {
	struct arena arena; /* of the packet at hand, binary or not */
	struct sio_packet packet;
	struct str attachments[ATTACHMENTS_MAX];
	size_t count;
	size_t bytes; /* so far, text and attachments */
	bool under_way, dispatching;
};

/* An event that came before its namespace was connected, as what is replayed by recovery does. */
struct link_held {
	struct link_held *next;
	struct arena arena;
	struct sio_packet packet;
	struct str attachments[ATTACHMENTS_MAX];
	size_t count;
};

struct link {
	struct loop *loop;
	struct link_options
		options; /* numbers are never 0; texts are NULL: what is kept of them is below */
	const struct link_handler *handler;
	void *context;
	struct buf url_text, proxy_text;
	struct url url, proxy;
	struct tls_context *trust; /* NULL when the URL is not secure */
	enum link_state state;
	bool opened;       /* between link_open and link_close */
	unsigned attempts; /* in a row that did not lead to a namespace */
	struct timer retry, patience, breaker;
	struct transport *transport;
	struct transport
		*leaving; /* the one before: its goodbye may not be answered yet; or NULL */
	struct link_space *spaces;
	size_t space_count;
	struct link_pending *pending, *pending_last;
	size_t pending_count;
	uint64_t next_id;
	struct link_assembly in;
	struct link_held *held, **held_end;
	size_t held_bytes;
};

/* ---- link.c ---- */

/* The server broke the rules, or there is no memory: the session is lost. For callbacks of the transport. */
void link_broken(struct link *k, enum engine_reason reason, const char *sentence);

/* The same, but in a turn to come: for what the caller of a link_ function must not be told at once. */
void link_break_later(struct link *k);

/* After a namespace went off: without any other the session ends. */
void link_settle(struct link *k);

/* ---- link_space.c ---- */

struct link_space *link_space_find(const struct link *k, struct str name); /* or NULL */
bool link_space_any(const struct link *k); /* true when one is wanted, joining or joined */
NODISCARD enum err link_space_connect(
	struct link *k, struct link_space *s); /* ERR_NOMEM and as engine_client_send */
void link_space_connect_all(struct link *k);
void link_space_watch(
	struct link *k); /* in a session: patience runs while one is joining, and no longer */
void link_space_lost(struct link *k);    /* the session is gone */
void link_space_goodbye(struct link *k); /* says to the server that all are left */
void link_space_free(struct link_space *s);
NODISCARD enum err link_space_send(struct link *k, const struct sio_packet_source *from);

/* ---- link_receive.c ---- */

void link_receive(struct link *k, bool binary, char *p, size_t n);
void link_receive_reset(struct link *k);

/* ---- link_held.c ---- */

/* Keeps the event at hand, attachments and all. ERR_TOO_LARGE when more than message_max is kept then, ERR_NOMEM. */
NODISCARD enum err link_held_add(struct link *k, const struct sio_packet *p);

/* Takes the first one of the namespace out of the list: the caller's, for link_held_free. NULL when there is none. */
struct link_held *link_held_take(struct link *k, struct str ns);
void link_held_free(struct link_held *h);
void link_held_clear(struct link *k);

/* ---- link_pending.c ---- */

/* timeout_ms: 0 for none. ERR_RATE_LIMITED above ACKS_PENDING_MAX, ERR_NOMEM. */
NODISCARD enum err link_pending_add(
	struct link *k, const struct link_space *s, const struct link_message *m, uint64_t id);
void link_pending_drop(struct link *k, uint64_t id); /* without a word */
void link_pending_answer(
	struct link *k, const struct link_space *s, uint64_t id, const struct link_answer *a);
void link_pending_lost(
	struct link *k, const struct link_space *s); /* those of s, or all for NULL */

#endif

/* SPDX-License-Identifier: MIT
 *
 * sio_inside - the structs that the files of this layer share.
 *
 * Layer: sio, private to it.  Threads: the core's.
 */
#ifndef SIO_SIO_INSIDE_H
#define SIO_SIO_INSIDE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/frame/frame.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/table.h"
#include "base/timer.h"
#include "sio/recovery/sio_recovery.h"
#include "sio/sio_adapter.h"
#include "sio/sio_core.h"
#include "sio/sio_packet.h"

/* A binary packet of which attachments are still to come. */
struct sio_assembly {
	struct str text; /* a copy */
	struct str attachment[ATTACHMENTS_MAX];
	unsigned need, got;
};

/* One Engine.IO session. */
struct sio_client {
	struct sio_core *core;
	struct channel *session; /* wherever it lives; NULL when it has ended */
	const struct handshake
		*handshake;         /* the session's, which stays until the end of the turn */
	struct sio_socket *sockets; /* by their next_of_client */
	struct sio_assembly *assembly;
	struct sio_client *next, *prev; /* all clients */
	struct sio_client *wait_next,
		*wait_prev; /* those that joined no namespace yet, in the order of wait_due */
	int64_t wait_due;   /* 0: not among them */
	unsigned socket_count;
	uint32_t second, packets; /* how many came in the second at hand */
	uint32_t excess;          /* what there was of `limit` */
	uint8_t limit;            /* enum sio_limit: what it exceeded */
	bool legacy;              /* Engine.IO revision 3: a client of Socket.IO 2 */
};

enum sio_socket_state { SIO_SOCKET_WAITING, SIO_SOCKET_CONNECTED, SIO_SOCKET_GONE };

struct sio_socket {
	struct sio_client *client;
	struct sio_namespace *namespace;
	struct sio_socket *next_of_client;
	struct sio_member *rooms; /* by their next */
	union {
		struct sio_pending *acks;  /* by their next */
		struct sio_parked *parked; /* while it waits: who it was before */
	};
	void *user;
	uint64_t handle;
	uint64_t first_seq, last_seq; /* see struct sio_parked */
	uint32_t index;               /* in the namespace's array */
	uint32_t mark;                /* the last broadcast that counted it in or out */
	uint32_t room_count;
	uint16_t ack_count; /* pending ones */
	uint8_t state;
	bool recovered, recoverable;
	char id[SESSION_ID_BYTES]; /* of a legacy client the session's */
	UT_hash_handle hh;         /* by id, in the namespace */
	char long_id[]; /* of a legacy client elsewhere than in "/": namespace, '#', id */
};

struct sio_room {
	struct sio_namespace *namespace;
	struct sio_member **members;
	size_t n, cap;
	UT_hash_handle hh; /* by name, in the namespace */
	size_t name_n;
	char name[];
};

struct sio_member_key {
	const struct sio_room *room;
	const struct sio_socket *socket;
};

/* One socket in one room. */
struct sio_member {
	struct sio_member_key key;
	struct sio_room *room;
	struct sio_socket *socket;
	struct sio_member *next, **link; /* among the socket's */
	size_t index;                    /* among the room's */
	UT_hash_handle hh;               /* by key, in the namespace */
};

struct sio_use;
struct sio_on;

struct sio_namespace {
	struct sio_core *core;
	struct sio_use *uses;
	sio_outgoing_fn *outgoing;
	void *outgoing_context;
	struct sio_on *ons;
	struct sio_dynamic *dynamic;      /* what made it, or NULL */
	struct sio_namespace *next_empty; /* to be looked at at the end of the turn */
	size_t socket_count;              /* waiting ones too */
	bool is_empty;
	const struct sio_namespace_handler *handler;
	void *context;
	const struct sio_adapter *adapter;
	void *adapter_context;
	struct sio_socket **sockets; /* connected ones */
	size_t n, cap;
	struct sio_socket *by_id;
	struct sio_room *rooms;
	struct sio_member *members;
	uint64_t next_ack;
	struct sio_kept *kept_first, *kept_last;
	uint64_t seq, dropped_seq; /* of the last event; up to which events are gone */
	size_t recovery_bytes, parked_count;
	uint32_t mark;     /* of the last broadcast */
	UT_hash_handle hh; /* by name */
	size_t name_n;
	char name[];
};

struct sio_pending_key {
	uint64_t socket, id;
};

/* An acknowledgement that we await. */
struct sio_pending {
	struct sio_pending_key key;
	struct sio_socket *socket;
	sio_ack_fn *fn;
	void *context;
	struct sio_pending *next, **link; /* among the socket's */
	struct timer timer;
	UT_hash_handle hh; /* by key */
};

/* Where a handle leads: its lower half is the index here, its upper half the generation. */
struct sio_slot {
	struct sio_socket *socket;
	uint32_t generation;
	uint32_t next_free;
};

struct sio_core {
	struct engine *engine;
	struct sio_core_options options;
	struct digest recovery_key;
	struct sio_parked *parked; /* by handle */
	struct sio_parked *parked_first, *parked_last;
	struct timer recovery; /* at the first of what is kept or waits */
	struct sio_namespace *namespaces, *empty;
	struct sio_dynamic *dynamics;
	size_t dynamic_count;
	uint64_t exceeded[SIO_LIMIT_COUNT];
	struct sio_slot *slots;
	uint32_t slot_n, slot_cap, slot_free; /* slot_free: index + 1 */
	struct sio_client *clients;
	struct sio_client *wait_first, *wait_last;
	struct timer wait;
	struct sio_pending *pending;
	struct sio_socket *gone_sockets; /* freed at the end of the turn */
	struct sio_client *gone_clients;
	size_t connected;
	struct arena arena; /* of the packet at hand */
};

/* sio_socket.c */
/* parked: whom it was before, or NULL; the socket's from then on, unless it fails. */
NODISCARD enum err sio_socket_new(struct sio_client *c, struct sio_namespace *n,
	struct sio_parked *parked, struct sio_socket **out);
void sio_socket_slot_free(
	struct sio_core *core, uint64_t handle); /* of one that will not come back */
void sio_socket_end(struct sio_socket *s, enum sio_reason reason); /* tells, leaves, buries */

/* Appends the payload of a CONNECT_ERROR; data is JSON, or empty. */
void sio_socket_error_json(struct buf *b, bool legacy, struct str message, struct str data);

/* What is to be sent, from the public form; attachments has room for ATTACHMENTS_MAX. */
struct sio_packet_source sio_socket_source(const struct sio_namespace *n, enum sio_packet_type type,
	const struct sio_args *args, struct str *attachments);
struct sio_packet_source sio_socket_event_source(
	const struct sio_namespace *n, const struct sio_emit *e, struct str *attachments);

/* sio_client.c */
void sio_client_wait_end(struct sio_client *c);
NODISCARD enum err sio_client_frame(
	struct sio_core *core, const struct sio_packet_source *from, struct frame **out);
enum sio_result sio_client_send(struct sio_client *c, const struct sio_packet_source *from);
const struct engine_handler *sio_client_handler(void);
void sio_client_wait_run(void *core);

/* sio_namespace.c */
void sio_namespace_visit(struct sio_namespace *n, const struct sio_target *to,
	void (*fn)(void *context, struct sio_socket *s), void *context); /* fn ends nobody */
void sio_namespace_free(struct sio_namespace *n);

/* sio_excess.c */
void sio_excess_count(struct sio_core *core, enum sio_limit limit);
void sio_excess_note(
	struct sio_client *c, enum sio_limit limit, uint64_t value); /* the first counts */
bool sio_excess_rate(struct sio_client *c); /* one more packet is too much */
void sio_excess_packet(
	struct sio_client *c, struct str text); /* why it was refused, if by a limit */

/* sio_hooks.c */
static inline void sio_hooks_outgoing(
	struct sio_namespace *n, struct sio_socket *s, const struct sio_emit *e)
{
	if (n->outgoing)
		n->outgoing(n->outgoing_context, n, s, e);
}
void sio_hooks_event(struct sio_socket *s, const struct sio_event *event);
void sio_hooks_done(struct sio_namespace *n);

/* sio_dynamic.c: SIO_INVALID when nobody wants that name, SIO_TOO_LARGE, SIO_NO_MEMORY. */
enum sio_result sio_dynamic_open(
	struct sio_core *core, struct str name, struct str auth, struct sio_namespace **out);
void sio_dynamic_check(struct sio_namespace *n); /* it may have become empty */
void sio_dynamic_turn_end(struct sio_core *core);
void sio_dynamic_done(struct sio_core *core);

/* sio_recovery.c */
void sio_recovery_arm(struct sio_core *core, int64_t due); /* its timer rings then, or before */

/* sio_room.c */
struct sio_room *sio_room_find(const struct sio_namespace *n, struct str name);
void sio_room_leave_all(struct sio_socket *s);

/* sio_pending.c */
NODISCARD enum sio_result sio_pending_add(
	struct sio_socket *s, const struct sio_emit *e, uint64_t id);
void sio_pending_answer(struct sio_socket *s, uint64_t id, const struct sio_args *answer);
void sio_pending_drop(struct sio_socket *s, uint64_t id); /* forgets without a call */
void sio_pending_end(struct sio_socket *s);               /* calls all with SIO_GONE */

static inline struct str sio_inside_str(struct sio_str s)
{
	return (struct str){ s.p, s.n };
}

static inline struct sio_str sio_inside_out(struct str s)
{
	return (struct sio_str){ s.p, s.n };
}

static inline struct str sio_inside_name(const struct sio_namespace *n)
{
	return (struct str){ n->name, n->name_n };
}

static inline enum sio_result sio_inside_result(enum err e)
{
	if (e == ERR_BAD_REQUEST) /* JSON that cannot be written as MessagePack */
		return SIO_INVALID;
	return e == ERR_OK ? SIO_OK : e == ERR_TOO_LARGE ? SIO_TOO_LARGE : SIO_NO_MEMORY;
}

#endif

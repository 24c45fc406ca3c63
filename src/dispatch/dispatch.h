/* SPDX-License-Identifier: MIT
 *
 * dispatch - from a packet to the verb that its row names, and from the verb's result to its answer.
 *
 * packet -> row -> guard (who, rate) -> payload in the event's arena -> the verb's steps, each where it
 * belongs -> answer. Events of one socket are taken in order; a TURN row holds back what follows it.
 *
 * Layer: dispatch.  Threads: the loop's.
 */
#ifndef DISPATCH_DISPATCH_H
#define DISPATCH_DISPATCH_H

#include "base/rng.h"
#include "dispatch/verb.h"
#include "dispatch/wire.h"

struct dispatch;

enum trace_direction { TRACE_REQUEST, TRACE_ANSWER, TRACE_ERROR, TRACE_EMIT };

/* What a trace sink is told of: a payload that came or went. */
struct trace_entry {
	enum trace_direction direction;
	enum ns ns;
	struct str event; /* wire name */
	struct str json;  /* payload, answer or error */
};

struct dispatch_options {
	const struct verb *verbs; /* EVENT_COUNT rows, by enum event_id */
	struct executor executor;
	const struct wire *wire;
	void *wire_impl;
	struct clock clock;
	struct rng rng;
	struct presence *presence;
	const struct limits *limits; /* live as long as the dispatch */
	/*
	 * On the writer, in the transaction of a change: whether who asks may still, since it may have waited; the role is
	 * read again. Refuses by tx_refuse. May be NULL.
	 */
	enum err (*recheck)(struct tx *tx, struct ask *ask);
	/* On the writer: a session was used, by the socket that an ask is about. May be NULL. */
	enum err (*note_use)(struct tx *tx, struct uuid session_id, int64_t now_ms);
	/* A seat is about to go; it is not in any room any more. */
	void (*left)(struct hub *hub, struct seat *seat);
	/* A request failed by our own fault or the machine's: internal, unavailable. May be NULL: for the log. */
	void (*report)(void *context, const struct ask *ask, enum err e, const char *sentence);
	void *report_context;
	/* May be NULL: for the contract test. */
	void (*trace)(void *context, const struct trace_entry *entry);
	void *trace_context;
};

NODISCARD enum err dispatch_new(
	const struct dispatch_options *options, struct dispatch **out); /* ERR_NOMEM */

/* Every job has come back before. NULL is taken. */
void dispatch_free(struct dispatch *d);

struct hub *dispatch_hub(struct dispatch *d);

struct dispatch_connect {
	enum ns ns;
	uint64_t
		connect; /* for wire.accept, wire.refuse: one of them will be called, now or later */
	struct str auth;    /* JSON text; empty when the client sent none */
	struct str address; /* of the client, as text */
	bool recovers;      /* `connect` is the handle of a lost socket, which comes back */
};

/* A CONNECT packet. */
void dispatch_connect(struct dispatch *d, const struct dispatch_connect *c);

struct dispatch_packet {
	uint64_t socket;
	uint64_t ack; /* 0: none asked for */
	struct str name;
	struct str args; /* JSON text between the brackets, behind the name; well-formed */
	const struct str *attachments;
	size_t attachment_count;
};

/* An event; everything is borrowed during the call. */
void dispatch_event(struct dispatch *d, const struct dispatch_packet *packet);

/* A socket has gone. */
enum dispatch_parting {
	PARTING_FOR_GOOD, /* it said so, or was told to */
	PARTING_LOST,     /* the connection broke */
	PARTING_RETURNS, /* the same, and the socket may come back as it was: dispatch_connect or dispatch_expired follows */
};

/* False: it was not known, so that nothing follows. */
bool dispatch_gone(struct dispatch *d, uint64_t socket, enum dispatch_parting parting);

/* A lost socket does not come back; owner is what wire.accept or wire.recover got, NULL is taken. */
void dispatch_expired(struct dispatch *d, void *owner);

struct dispatch_stats {
	uint64_t requests[EVENT_COUNT]; /* came, by row */
	uint64_t emitted[EVENT_COUNT];  /* sent, once however many got it */
	uint64_t refused[ERR_COUNT];
	uint64_t seats[NS_COUNT]; /* now */
	uint64_t calls;           /* requests under way now */
};

/* Borrowed; always current. */
const struct dispatch_stats *dispatch_stats(const struct dispatch *d);

#endif

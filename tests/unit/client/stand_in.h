/* SPDX-License-Identifier: MIT
 *
 * stand_in - in place of transport.c, for tests of the whole client: what the server says is handed in, what is sent is dropped.
 * The program's one source file includes this, so that the linker does not look for the real one.
 *
 * Layer: tests.  Threads: one.
 */
#ifndef UNIT_CLIENT_STAND_IN_H
#define UNIT_CLIENT_STAND_IN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/api/inside.h"
#include "client/link/link_inside.h"

/* What a server says until the client is in step: in the group 02, as the user 01. */
#define DATE  "\"2026-11-22T09:01:00.000Z\""
#define ID(n) "\"0193a1b2-0000-7000-8000-0000000000" n "\""
#define USER                                                                                       \
	"{\"id\":" ID("01") ",\"username\":\"me\",\"displayName\":\"\",\"bio\":\"\","              \
			    "\"avatarUrl\":null,\"status\":\"online\",\"statusText\":\"\","        \
			    "\"role\":\"user\",\"createdAt\":" DATE "}"

static const char *const stand_in_prelude[] = {
	"0/chat,{\"sid\":\"s\"}",
	"2/chat,[\"DATA_RECEIVED\",{\"dataType\":\"snapshot\",\"timestamp\":" DATE
	",\"data\":{\"me\":" USER ",\"settings\":{\"a\":1},\"groups\":[{\"id\":" ID(
		"02") ",\"name\":\"g\",\"kind\":\"private\",\"creatorId\":null,\"createdAt\":" DATE
		      ",\"memberCount\":2,\"lastSeq\":0,\"rev\":0}],\"users\":[],\"unread\":{},"
		      "\"notifications\":[]}}]",
	"0/music,{\"sid\":\"s\"}",
	"3/music,0[{\"ok\":true,\"users\":[" USER "]}]",
	"3/music,1[{\"ok\":true,\"changes\":[],\"rev\":1,\"more\":false}]",
};

struct transport {
	struct transport_source from;
	struct loop *loop;
	struct timer
		answer; /* DOWNLOAD_TRACK's, the one event that a test waits for inside the client */
	unsigned long asked; /* its id */
};

static inline void stand_in_answer(void *context)
{
	struct transport *t = context;
	char packet[64];
	int n = snprintf(packet, sizeof packet, "3/music,%lu[{\"ok\":true}]", t->asked);

	t->from.handler->message(t->from.context, false, packet, (size_t)n);
}

enum err transport_new(struct loop *l, const struct transport_source *from, struct transport **out)
{
	struct transport *t = calloc(1, sizeof *t);

	if (!t)
		return ERR_NOMEM;
	t->from = *from;
	t->loop = l;
	t->answer = (struct timer){ .fn = stand_in_answer, .context = t };
	*out = t;
	return ERR_OK;
}

void transport_free(struct transport *t)
{
	if (t)
		loop_timer_stop(t->loop, &t->answer);
	free(t);
}

void transport_close(struct transport *t)
{
	(void)t;
}

void transport_fail(struct transport *t)
{
	(void)t;
}

enum err transport_send(struct transport *t, struct frame *f)
{
	static const char start[] = "2/music,";
	struct str bytes = frame_str(f);
	const char *at = memmem(bytes.p, bytes.n, start, sizeof start - 1);

	if (at && memmem(bytes.p, bytes.n, "[\"DOWNLOAD_TRACK\"", 17)) {
		t->asked = strtoul(at + sizeof start - 1, NULL, 10);
		loop_timer_start(t->loop, &t->answer, 0);
	}
	return ERR_OK;
}

bool transport_is_open(const struct transport *t)
{
	return t != NULL;
}

bool transport_is_leaving(const struct transport *t)
{
	(void)t;
	return false;
}

bool transport_was_reached(const struct transport *t)
{
	(void)t;
	return true;
}

enum engine_client_transport transport_kind(const struct transport *t)
{
	(void)t;
	return ENGINE_CLIENT_POLLING;
}

/* Begins a session if there is none. */
static inline void stand_in_open(struct antiphon *c)
{
	const struct link *k = c->link;

	if (k->state == LINK_OPEN)
		return;
	link_open(c->link);
	for (int turns = 0; turns < 3 && !k->transport; turns++)
		antiphon_process(c);
	if (k->transport)
		k->transport->from.handler->opened(k->transport->from.context);
}

/* One packet from the server, in memory of exactly its size. */
static inline void stand_in_say(struct antiphon *c, bool binary, struct str packet)
{
	struct transport *t = c->link->transport;
	char *bytes = malloc(packet.n + 1); /* may be changed in place */

	if (bytes && packet.n)
		memcpy(bytes, packet.p, packet.n);
	if (bytes && t && c->link->state == LINK_OPEN)
		t->from.handler->message(t->from.context, binary, bytes, packet.n);
	free(bytes);
	antiphon_process(c);
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * fuzz_client - what a server says, through the whole client: packets, namespaces, acknowledgements, the model, events.
 *
 * The transport is a stand-in of ours. The client is in step, and has made some requests, when the input begins: a line a packet,
 * as Engine.IO carries it; one that begins with '#' is a binary attachment, one with '!' ends the connection, and the next one begins.
 * Whatever comes, each request ends once, and each event can be told as JSON.
 *
 * Layer: tests.  Threads: one.
 */
#include "client/api/inside.h"
#include "client/link/link_inside.h"
#include "fuzz.h"
#include "ws/ws.h"

#define DATE  "\"2026-11-22T09:01:00.000Z\""
#define ID(n) "\"0193a1b2-0000-7000-8000-0000000000" n "\""
#define USER                                                                                       \
	"{\"id\":" ID("01") ",\"username\":\"me\",\"displayName\":\"\",\"bio\":\"\","              \
			    "\"avatarUrl\":null,\"status\":\"online\",\"statusText\":\"\","        \
			    "\"role\":\"user\",\"createdAt\":" DATE "}"

static const char *const prelude[] = {
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

/* ---- the transport ---- */

struct transport {
	struct transport_source from;
};

enum err transport_new(struct loop *l, const struct transport_source *from, struct transport **out)
{
	struct transport *t = calloc(1, sizeof *t);

	(void)l;
	MUST(t);
	t->from = *from;
	*out = t;
	return ERR_OK;
}

void transport_free(struct transport *t)
{
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
	MUST(t && f->n > 0);
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

/* ---- the program ---- */

struct program {
	struct antiphon *c;
	size_t asked, ended;
};

static void on_event(void *context, enum antiphon_event event, const void *payload)
{
	(void)context;
	MUST(payload);
	char *json = antiphon_event_json(event, payload);
	MUST(json && json[0] == '{');
	antiphon_text_free(json);
}

static void on_end(void *context, const struct antiphon_answer *a)
{
	struct program *p = context;

	MUST(a->sentence && a->json && (a->result == ANTIPHON_OK || a->sentence[0]));
	p->ended++;
}

/* Their acknowledgements are those from number 2 on. */
static void ask(struct program *p)
{
	static const struct antiphon_any requests[] = {
		{ "/chat", "MESSAGE_SENT", "{\"message\":\"m\",\"groupId\":" ID("02") "}" },
		{ "/chat", "GET_HISTORY", "{\"groupId\":" ID("02") "}" },
		{ "/music", "PUBLISH_TRACK", "{\"title\":\"t\"}" },
		{ "/music", "PUBLISH_RATING", "{\"trackId\":" ID("03") ",\"value\":3}" },
		{ "/chat", "GET_SNAPSHOT", "{}" },
	};

	for (size_t i = 0; i < COUNT_OF(requests); i++)
		p->asked += antiphon_request(p->c, &requests[i], on_end, p) != 0;
	antiphon_process(p->c);
}

static void open_session(struct program *p)
{
	const struct link *k = p->c->link;

	if (k->state == LINK_OPEN)
		return; /* nothing was lost */
	link_open(p->c->link);
	for (int turns = 0; turns < 3 && !k->transport; turns++)
		antiphon_process(p->c);
	if (k->transport)
		k->transport->from.handler->opened(k->transport->from.context);
}

static void lose_session(struct program *p)
{
	struct transport *t = p->c->link->transport;
	struct transport_end end = { ENGINE_TRANSPORT_CLOSE, true, "It is over." };

	if (t)
		t->from.handler->closed(t->from.context, &end);
	open_session(p);
}

static void take(struct program *p, struct str line)
{
	struct transport *t = p->c->link->transport;
	bool binary = line.n && line.p[0] == '#';
	struct str packet = str_after(line, binary);

	if (line.n && line.p[0] == '!') {
		lose_session(p);
		return;
	}
	char *bytes = malloc(packet.n + 1); /* may be changed in place */
	MUST(bytes);
	if (packet.n)
		memcpy(bytes, packet.p, packet.n);
	if (t && p->c->link->state == LINK_OPEN)
		t->from.handler->message(t->from.context, binary, bytes, packet.n);
	free(bytes);
	antiphon_process(p->c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct antiphon_options options = { .url = "http://x", .token = "t" };
	struct str in = { (const char *)data, size };
	struct program p = { 0 };

	MUST(antiphon_new(&options, &p.c) == ANTIPHON_OK);
	antiphon_on_all(p.c, on_event, &p);
	MUST(antiphon_connect(p.c) == ANTIPHON_OK);
	open_session(&p);
	for (size_t i = 0; i < COUNT_OF(prelude); i++)
		take(&p, str_of(prelude[i]));
	MUST(antiphon_is_connected(p.c) && antiphon_me(p.c) && antiphon_group_count(p.c) == 1);
	ask(&p);
	while (in.n) {
		const char *at = memchr(in.p, '\n', in.n);
		size_t n = at ? (size_t)(at - in.p) : in.n;
		take(&p, (struct str){ in.p, n });
		in = str_after(in, at ? n + 1 : n);
	}
	antiphon_free(p.c);
	MUST(p.asked == 5 && p.ended == p.asked);
	return 0;
}

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
#include "../unit/client/stand_in.h"
#include "fuzz.h"

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

static void lose_session(struct program *p)
{
	struct transport *t = p->c->link->transport;
	struct transport_end end = { ENGINE_TRANSPORT_CLOSE, true, "It is over." };

	if (t)
		t->from.handler->closed(t->from.context, &end);
	stand_in_open(p->c);
}

static void take(struct program *p, struct str line)
{
	bool binary = line.n && line.p[0] == '#';
	struct str packet = str_after(line, binary);

	if (line.n && line.p[0] == '!') {
		lose_session(p);
		return;
	}
	stand_in_say(p->c, binary, packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct antiphon_options options = { .url = "http://x", .token = "t" };
	struct str in = { (const char *)data, size };
	struct program p = { 0 };

	MUST(antiphon_new(&options, &p.c) == ANTIPHON_OK);
	antiphon_on_all(p.c, on_event, &p);
	MUST(antiphon_connect(p.c) == ANTIPHON_OK);
	stand_in_open(p.c);
	for (size_t i = 0; i < COUNT_OF(stand_in_prelude); i++)
		take(&p, str_of(stand_in_prelude[i]));
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

/* SPDX-License-Identifier: MIT
 *
 * link - see link.h: when to connect, by which transport, and when to try again.
 *
 * Layer: client.  Threads: its loop's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "client/link/link_inside.h"

enum {
	CONNECT_TIMEOUT_MS = 20000,
	BACKOFF_BASE_MS = 1000,
	BACKOFF_MAX_MS = 30000,
	MESSAGE_MAX = 16 * 1024 * 1024,
	SEND_QUEUE_MAX = 16 * 1024 * 1024,
	DOUBLINGS_MAX = 20,
};

/* ---- attempts ---- */

/* How long to wait: doubled each time, of which the second half is drawn, so that clients do not come back all at once. */
static int64_t next_delay(struct link *k)
{
	int64_t delay = k->options.backoff_base_ms;
	uint32_t drawn;

	for (unsigned i = 0; i < k->attempts && i < DOUBLINGS_MAX; i++) {
		if (delay < k->options.backoff_max_ms)
			delay *= 2;
	}
	if (delay > k->options.backoff_max_ms)
		delay = k->options.backoff_max_ms;
	k->attempts++;
	rng_fill(&k->options.rng, &drawn, sizeof drawn);
	return delay / 2 + (int64_t)drawn % (delay / 2 + 1);
}

static void let_go(struct link *k)
{
	loop_timer_stop(k->loop, &k->patience);
	loop_timer_stop(k->loop, &k->breaker);
	if (k->transport && transport_is_leaving(k->transport)) {
		transport_free(k->leaving);
		k->leaving = k->transport;
	} else {
		transport_free(k->transport);
	}
	k->transport = NULL;
}

/* Waits for the next attempt. Returns how long. */
static int64_t wait_again(struct link *k)
{
	int64_t delay = next_delay(k);

	k->state = LINK_WAITING;
	loop_timer_start(k->loop, &k->retry, delay);
	return delay;
}

static void attempt_failed(struct link *k, const char *sentence)
{
	let_go(k);
	int64_t delay = wait_again(k);
	k->handler->error(k->context, ERR_UNAVAILABLE, str_of(sentence), delay);
}

static void session_lost(struct link *k, enum engine_reason reason, const char *sentence)
{
	int64_t delay = LINK_NO_RETRY;
	enum err code = reason == ENGINE_PARSE_ERROR ? ERR_BAD_REQUEST : ERR_UNAVAILABLE;

	let_go(k);
	k->state = LINK_IDLE;
	if (link_space_any(k))
		delay = wait_again(k);
	link_space_lost(k);
	if (k->opened)
		k->handler->error(k->context, code, str_of(sentence), delay);
	if (k->opened)
		k->handler->disconnected(k->context, str_of(engine_client_reason(reason)), delay);
}

static void begin(struct link *k, enum engine_client_transport kind);

static void on_opened(void *context)
{
	struct link *k = context;

	loop_timer_stop(k->loop, &k->patience);
	k->state = LINK_OPEN;
	link_space_connect_all(k);
}

static void on_message(void *context, bool binary, char *p, size_t n)
{
	link_receive(context, binary, p, n);
}

/* The attempt at hand did not lead to a session: by polling it may. */
static void attempt_over(struct link *k, bool reached, const char *sentence)
{
	bool again = reached && transport_kind(k->transport) == ENGINE_CLIENT_WEBSOCKET &&
	             !k->options.polling_off;

	if (!again) {
		attempt_failed(k, sentence);
		return;
	}
	let_go(k);
	begin(k, ENGINE_CLIENT_POLLING);
}

static void on_closed(void *context, const struct transport_end *end)
{
	struct link *k = context;

	if (k->state == LINK_OPEN)
		session_lost(k, end->reason, end->sentence);
	else
		attempt_over(k, end->reached, end->sentence);
}

static const struct transport_handler transport_handler = {
	.opened = on_opened, .message = on_message, .closed = on_closed
};

static void out_of_patience(void *context)
{
	static const char late[] = "The server did not answer in time.";
	struct link *k = context;

	if (k->state == LINK_OPEN)
		link_broken(k, ENGINE_TRANSPORT_ERROR, late);
	else
		attempt_over(k, transport_was_reached(k->transport), late);
}

/* The proxy for the server, if any. NULL, or what is wrong with it. */
static const char *find_proxy(struct link *k, bool *found)
{
	struct str text;

	*found = url_proxy(&k->url, k->options.environment, &text);
	if (!*found)
		return NULL;
	buf_clear(&k->proxy_text);
	buf_append(&k->proxy_text, text); /* the environment may change under us */
	if (buf_failed(&k->proxy_text))
		return "There is no memory for the proxy's address.";
	if (url_parse(buf_str(&k->proxy_text), &k->proxy) || k->proxy.secure)
		return "The environment names a proxy that is no http:// address.";
	return NULL;
}

static void begin(struct link *k, enum engine_client_transport kind)
{
	bool proxied;
	const char *why = find_proxy(k, &proxied);
	struct transport_source from = { .kind = kind,
		.to = &k->url,
		.proxy = proxied ? &k->proxy : NULL,
		.trust = k->trust,
		.message_max = k->options.message_max,
		.send_queue_max = k->options.send_queue_max,
		.rng = k->options.rng,
		.handler = &transport_handler,
		.context = k };

	k->state = LINK_CONNECTING;
	if (!why && transport_new(k->loop, &from, &k->transport))
		why = "There is no memory for a connection.";
	if (why)
		attempt_failed(k, why);
	else
		loop_timer_start(k->loop, &k->patience, k->options.connect_timeout_ms);
}

static void attempt(void *context)
{
	struct link *k = context;

	begin(k, k->options.websocket_off ? ENGINE_CLIENT_POLLING : ENGINE_CLIENT_WEBSOCKET);
}

/* ---- for the other files ---- */

void link_broken(struct link *k, enum engine_reason reason, const char *sentence)
{
	if (k->state != LINK_OPEN)
		return;
	transport_fail(k->transport);
	session_lost(k, reason, sentence);
}

static void broken_before(void *context)
{
	link_broken(context, ENGINE_TRANSPORT_ERROR, "There is no memory for a packet.");
}

void link_break_later(struct link *k)
{
	loop_timer_start(k->loop, &k->breaker, 0);
}

void link_settle(struct link *k)
{
	bool any = link_space_any(k);

	if (any && k->opened && k->state == LINK_IDLE) {
		k->state = LINK_WAITING;
		loop_timer_start(k->loop, &k->retry, 0);
	} else if (!any && k->state != LINK_IDLE) {
		if (k->transport)
			transport_close(k->transport);
		let_go(k);
		loop_timer_stop(k->loop, &k->retry);
		k->state = LINK_IDLE;
	}
}

/* ---- the public half ---- */

static void set_numbers(struct link_options *o)
{
	if (o->connect_timeout_ms <= 0)
		o->connect_timeout_ms = CONNECT_TIMEOUT_MS;
	if (o->backoff_base_ms <= 0)
		o->backoff_base_ms = BACKOFF_BASE_MS;
	if (o->backoff_max_ms <= 0)
		o->backoff_max_ms = BACKOFF_MAX_MS;
	if (o->message_max == 0)
		o->message_max = MESSAGE_MAX;
	if (o->send_queue_max == 0)
		o->send_queue_max = SEND_QUEUE_MAX;
	if (!o->rng.fill)
		o->rng = rng_system();
}

/* What can fail of link_new. */
static enum err prepare(struct link *k, const struct link_options *options)
{
	buf_append(&k->url_text, options->url);
	if (buf_failed(&k->url_text))
		return ERR_NOMEM;
	enum err e = url_parse(buf_str(&k->url_text), &k->url);
	if (e)
		return e;
	if (k->url.user.n || (options->websocket_off && options->polling_off))
		return ERR_BAD_REQUEST;
	return k->url.secure ? tls_context_trust(options->tls_ca_file, &k->trust) : ERR_OK;
}

enum err link_new(struct loop *l, const struct link_options *options,
	const struct link_handler *handler, void *context, struct link **out)
{
	struct link *k = calloc(1, sizeof *k);

	if (!k)
		return ERR_NOMEM;
	k->loop = l;
	k->options = *options;
	k->options.url = (struct str){ 0 };
	k->options.tls_ca_file = NULL;
	set_numbers(&k->options);
	k->handler = handler;
	k->context = context;
	k->held_end = &k->held;
	k->retry = (struct timer){ .fn = attempt, .context = k };
	k->patience = (struct timer){ .fn = out_of_patience, .context = k };
	k->breaker = (struct timer){ .fn = broken_before, .context = k };
	enum err e = prepare(k, options);
	if (e) {
		link_free(k);
		return e;
	}
	*out = k;
	return ERR_OK;
}

void link_free(struct link *k)
{
	if (!k)
		return;
	link_close(k);
	transport_free(k->leaving);
	while (k->spaces) {
		struct link_space *next = k->spaces->next;
		link_space_free(k->spaces);
		k->spaces = next;
	}
	tls_context_free(k->trust);
	arena_done(&k->in.arena);
	buf_done(&k->url_text);
	buf_done(&k->proxy_text);
	free(k);
}

void link_open(struct link *k)
{
	k->opened = true;
	if (k->state == LINK_WAITING)
		loop_timer_start(k->loop, &k->retry, 0);
	link_settle(k);
}

void link_close(struct link *k)
{
	bool was_open = k->state == LINK_OPEN;

	k->opened = false;
	if (was_open)
		link_space_goodbye(k);
	if (k->transport)
		transport_close(k->transport);
	let_go(k);
	loop_timer_stop(k->loop, &k->retry);
	k->state = LINK_IDLE;
	k->attempts = 0;
	if (was_open)
		link_space_lost(k);
}

bool link_is_leaving(const struct link *k)
{
	return k->leaving && transport_is_leaving(k->leaving);
}

const char *link_transport(const struct link *k)
{
	if (k->state != LINK_OPEN)
		return "";
	return transport_kind(k->transport) == ENGINE_CLIENT_POLLING ? "polling" : "websocket";
}

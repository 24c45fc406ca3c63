/* SPDX-License-Identifier: MIT
 *
 * conformance_engine - what engine.io-client's own tests ask of a server.
 *
 * Layer: tests.  Threads: one.
 */
#include "conformance.h"

#include <stdio.h>

/* The cookies of the last POST: those that the client answers a message with come by the same one. */
static struct sio_str last_cookies(const struct sio_request *r)
{
	static char kept[256];
	static size_t n;

	if (r && conformance_is(sio_request_method(r), "POST")) {
		struct sio_str cookies = sio_request_header(r, "Cookie");
		n = cookies.n < sizeof kept ? cookies.n : 0;
		if (n)
			memcpy(kept, cookies.p, n);
	}
	return (struct sio_str){ kept, n };
}

static bool on_request(void *context, struct sio_request *r)
{
	(void)context;
	(void)last_cookies(r);
	return true;
}

static void on_allow(void *context, struct sio_request *r)
{
	struct sio_str query = sio_request_handshake(r).query;

	(void)context;
	if (memmem(query.p, query.n, "deny", 4))
		sio_request_refuse(r, TEXT(""));
	else
		sio_request_allow(r);
}

static void on_initial_headers(void *context, struct sio_request *r, struct sio_headers *h)
{
	(void)context;
	(void)r;
	sio_headers_add(h, "Set-Cookie", TEXT("1=1; Max-Age=86400"));
	sio_headers_add(h, "Set-Cookie", TEXT("2=2; Path=/; HttpOnly; Secure; SameSite=Strict"));
	sio_headers_add(h, "Set-Cookie", TEXT("3=3; Max-Age=0"));
	sio_headers_add(h, "Set-Cookie", TEXT("4=4; Expires=Thu, 01 Jan 2015 00:00:00 GMT"));
}

void conformance_engine_options(struct sio_options *o)
{
	static const struct sio_request_handler handler = {
		.request = on_request, .allow = on_allow, .initial_headers = on_initial_headers
	};

	o->path = "/engine.io/";
	o->ping_interval = 500;
	o->max_http_buffer_size = 100;
	o->request_handler = &handler;
}

static void on_opened(void *context, struct sio_connection *c)
{
	(void)context;
	(void)sio_connection_send(c, false, TEXT("hi"));
}

static void on_message(
	void *context, struct sio_connection *c, bool is_binary, struct sio_str bytes)
{
	char json[512];

	(void)context;
	if (!is_binary && conformance_is(bytes, "give binary")) {
		(void)sio_connection_send(c, true, TEXT("\0\1\2\3\4"));
	} else if (!is_binary && conformance_is(bytes, "give utf8")) {
		(void)sio_connection_send(c, false, TEXT("пойду спать всем спокойной ночи"));
	} else if (!is_binary && conformance_is(bytes, "sendHeaders")) {
		struct sio_str cookies = last_cookies(NULL);
		int n = snprintf(json, sizeof json, cookies.n ? "{\"cookie\":\"%.*s\"}" : "{}",
			(int)cookies.n, cookies.p);
		(void)sio_connection_send(c, false, (struct sio_str){ json, (size_t)n });
	} else {
		(void)sio_connection_send(c, is_binary, bytes);
	}
}

enum sio_result conformance_engine(struct sio_server *s)
{
	static const struct sio_engine_handler handler = { .opened = on_opened,
		.message = on_message };

	sio_server_set_engine_handler(s, &handler, NULL);
	return SIO_OK;
}

void conformance_initial_options(struct sio_options *o)
{
	o->path = "/engine.io";
	o->allow_eio3 = true;
	o->initial_packet = (struct sio_str){ "\1first\2", 7 };
	o->initial_packet_is_binary = true;
}

static void on_question(
	void *context, struct sio_connection *c, bool is_binary, struct sio_str bytes)
{
	struct sio_handshake h = sio_connection_handshake(c);
	struct sio_str who = sio_connection_header(c, "x-who");
	char text[256];

	(void)context;
	(void)is_binary;
	(void)bytes;
	int n = snprintf(text, sizeof text, "%s %.*s %.*s %.*s",
		sio_connection_is_polling(c) ? "polling" : "websocket", (int)h.address.n,
		h.address.p, (int)h.query.n, h.query.p, (int)who.n, who.p);
	(void)sio_connection_send(c, false, (struct sio_str){ text, (size_t)n });
}

enum sio_result conformance_initial(struct sio_server *s)
{
	static const struct sio_engine_handler handler = { .message = on_question };

	sio_server_set_engine_handler(s, &handler, NULL);
	return SIO_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * conformance_client - what socket.io-client's own tests ask of a server.
 *
 * Layer: tests.  Threads: one.
 */
#include "conformance.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BYTES_IN "{\"_placeholder\":true,\"num\":0}"

static void emit(struct sio_socket *s, const char *event, const char *json)
{
	struct sio_emit e = { .event = { event, strlen(event) },
		.args = { .json = { json, strlen(json) } } };

	(void)sio_socket_emit(s, &e);
}

static void emit_bytes(struct sio_socket *s, const char *event)
{
	static const struct sio_str bytes = { "asdfasdf", 8 };
	struct sio_emit e = { .event = { event, strlen(event) },
		.args = { .json = TEXT(BYTES_IN), .attachments = &bytes, .attachment_count = 1 } };

	(void)sio_socket_emit(s, &e);
}

static void on_answer(
	void *context, struct sio_socket *s, enum sio_result result, const struct sio_args *answer)
{
	(void)context;
	if (result == SIO_OK && conformance_is(answer->json, "5,{\"test\":true}"))
		emit(s, "got it", "");
}

static void ask(struct sio_socket *s)
{
	struct sio_emit e = { .event = TEXT("ack"), .on_ack = on_answer };

	(void)sio_socket_emit(s, &e);
}

static void utf8(struct sio_socket *s)
{
	emit(s, "takeUtf8", "\"てすと\"");
	emit(s, "takeUtf8", "\"Я Б Г Д Ж Й\"");
	emit(s, "takeUtf8", "\"Ä ä Ü ü ß\"");
	emit(s, "takeUtf8", "\"utf8 — string\"");
	emit(s, "takeUtf8", "\"utf8 — string\"");
}

static void json_date(char out[40])
{
	struct timespec now;
	struct tm day;

	timespec_get(&now, TIME_UTC);
	gmtime_r(&now.tv_sec, &day);
	strftime(out, 40, "\"%Y-%m-%dT%H:%M:%S.000Z\"", &day);
}

static void acknowledge(struct sio_server *server, const struct sio_event *e, const char *json)
{
	struct sio_args args = { .json = { json, strlen(json) } };

	(void)sio_server_ack(server, &e->ack, &args);
}

static void acknowledge_id(
	struct sio_server *server, struct sio_socket *s, const struct sio_event *e)
{
	char json[160];

	snprintf(json, sizeof json, "\"%.*s\"", (int)sio_socket_id(s).n, sio_socket_id(s).p);
	acknowledge(server, e, json);
}

/* Events that are answered by one event, without a look at what they carry. */
static const struct {
	const char *event, *answer, *json;
} answers[] = {
	{ "hi", "hi", "" },
	{ "false", "false", "false" },
	{ "buffa", "buffack", "" },
	{ "jsonbuff", "jsonbuff-ack", "" },
	{ "abuff2", "abuff2-ack", "" },
};

static void on_handshake(struct sio_server *server, struct sio_socket *s, const struct sio_event *e)
{
	char *json = NULL;

	if (sio_socket_handshake_json(s, TEXT(""), &json) == SIO_OK)
		acknowledge(server, e, json);
	free(json);
}

static void on_event(void *context, struct sio_socket *s, const struct sio_event *e)
{
	char date[40], object[64];

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		if (conformance_is(e->name, answers[i].event))
			emit(s, answers[i].answer, answers[i].json);
	}
	json_date(date);
	snprintf(object, sizeof object, "{\"date\":%s}", date);
	if (conformance_is(e->name, "echo"))
		(void)sio_server_ack(context, &e->ack, &e->args);
	else if (conformance_is(e->name, "ack"))
		ask(s);
	else if (conformance_is(e->name, "getAckDate"))
		acknowledge(context, e, date);
	else if (conformance_is(e->name, "getDate"))
		emit(s, "takeDate", date);
	else if (conformance_is(e->name, "getDateObj"))
		emit(s, "takeDateObj", object);
	else if (conformance_is(e->name, "getUtf8"))
		utf8(s);
	else if (conformance_is(e->name, "doge"))
		emit_bytes(s, "doge");
	else if (conformance_is(e->name, "getbin"))
		emit_bytes(s, "takebin");
	else if (conformance_is(e->name, "getHandshake"))
		on_handshake(context, s, e);
	else if (conformance_is(e->name, "getId"))
		acknowledge_id(context, s, e);
}

static void on_connect(void *context, struct sio_socket *s, struct sio_str auth)
{
	struct sio_str query = sio_socket_handshake(s).query;

	(void)context;
	(void)auth;
	if (memmem(query.p, query.n, "fail=", 5))
		(void)sio_socket_refuse(s, TEXT("Auth failed (main namespace)"), TEXT(""));
	else
		(void)sio_socket_accept(s, NULL);
}

static void on_connect_no(void *context, struct sio_socket *s, struct sio_str auth)
{
	(void)context;
	(void)auth;
	(void)sio_socket_refuse(s, TEXT("Auth failed (custom namespace)"), TEXT(""));
}

static void on_connect_abc(void *context, struct sio_socket *s, struct sio_str auth)
{
	char *json = NULL;

	(void)context;
	if (sio_socket_accept(s, NULL) == SIO_OK &&
		sio_socket_handshake_json(s, auth, &json) == SIO_OK)
		emit(s, "handshake", json);
	free(json);
}

static void on_event_foo(void *context, struct sio_socket *s, const struct sio_event *e)
{
	if (conformance_is(e->name, "getId"))
		acknowledge_id(context, s, e);
}

enum sio_result conformance_client(struct sio_server *s)
{
	static const struct sio_namespace_handler root = { .connect = on_connect,
		.event = on_event };
	static const struct sio_namespace_handler foo = { .event = on_event_foo };
	static const struct sio_namespace_handler quiet = { .event = NULL };
	static const struct sio_namespace_handler abc = { .connect = on_connect_abc };
	static const struct sio_namespace_handler no = { .connect = on_connect_no };
	static const struct {
		const char *name;
		const struct sio_namespace_handler *handler;
	} namespaces[] = { { "/", &root }, { "/foo", &foo }, { "/timeout_socket", &quiet },
		{ "/valid", &quiet }, { "/asd", &quiet }, { "/abc", &abc }, { "/no", &no } };
	enum sio_result r = SIO_OK;

	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces && !r; i++)
		r = sio_server_of(s, namespaces[i].name, namespaces[i].handler, s, NULL);
	return r;
}

/* Handshakes take a while, so that the clients' own timeouts can be tried. */
static void allow(void *context)
{
	sio_request_allow(context);
}

static void on_allow(void *context, struct sio_request *r)
{
	(void)context;
	if (sio_server_after(sio_request_server(r), 10, allow, r))
		sio_request_allow(r);
}

void conformance_client_options(struct sio_options *o)
{
	static const struct sio_request_handler handler = { .allow = on_allow };

	o->ping_interval = 2000;
	o->recovery_time = 120000;
	o->request_handler = &handler;
}

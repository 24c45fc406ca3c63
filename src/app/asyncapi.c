/* SPDX-License-Identifier: MIT
 *
 * asyncapi - see asyncapi.h: a channel a namespace, a message an event and direction.
 *
 * Layer: app.  Threads: any.
 */
#include "app/asyncapi.h"

#include <stdio.h>

#include "app/api_document.h"
#include "schema/json_schema.h"

static const char *channel_of(const struct event *e)
{
	return schema_namespace(e->ns) + 1; /* without its slash */
}

static void reference(struct json_writer *w, const char *format, const char *a, const char *b)
{
	char text[160];

	snprintf(text, sizeof text, format, a, b);
	json_write_begin_object(w);
	api_document_pair(w, "$ref", text);
	json_write_end_object(w);
}

static void channel(struct json_writer *w, enum ns ns)
{
	api_document_open(w, schema_namespace(ns) + 1);
	api_document_pair(w, "address", schema_namespace(ns));
	api_document_pair(w, "description",
		ns == NS_MUSIC ? "Tracks, comments, ratings." : "Groups and messages.");
	api_document_open(w, "messages");
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		const struct event *e = &schema_events[i];
		if (e->ns != ns)
			continue;
		json_write_key(w, str_of(e->id));
		reference(w, "#/components/messages/%s%s", e->id, "");
	}
	json_write_end_object(w);
	json_write_end_object(w);
}

static void operation(struct json_writer *w, const struct event *e)
{
	api_document_open(w, e->id);
	api_document_pair(w, "action", e->kind == KIND_EMIT ? "send" : "receive");
	api_document_pair(w, "summary", e->doc);
	json_write_key(w, STR("channel"));
	reference(w, "#/channels/%s%s", channel_of(e), "");
	json_write_key(w, STR("messages"));
	json_write_begin_array(w);
	reference(w, "#/channels/%s/messages/%s", channel_of(e), e->id);
	json_write_end_array(w);
	json_write_end_object(w);
}

/* What AsyncAPI has no word for: the acknowledgement and the errors of a request. */
static void extensions(struct json_writer *w, const struct event *e)
{
	if (e->answer) {
		json_write_key(w, STR("x-acknowledgement"));
		json_schema_ref(w, e->answer);
	}
	if (e->kind == KIND_EMIT)
		return;
	json_write_key(w, STR("x-errors"));
	json_write_begin_array(w);
	for (unsigned i = 0; i < ERR_COUNT; i++) {
		if (e->errors >> i & 1)
			json_write_string(w, str_of(err_wire((enum err)i)));
	}
	json_write_end_array(w);
}

static void message(struct json_writer *w, const struct event *e)
{
	api_document_open(w, e->id);
	api_document_pair(w, "name", e->name);
	api_document_pair(w, "summary", e->doc);
	api_document_pair(w, "contentType", "application/json");
	json_write_key(w, STR("payload"));
	json_schema_ref(w, e->payload);
	extensions(w, e);
	json_write_end_object(w);
}

static void components(struct json_writer *w)
{
	api_document_open(w, "components");
	api_document_open(w, "messages");
	for (size_t i = 0; i < EVENT_COUNT; i++)
		message(w, &schema_events[i]);
	json_write_end_object(w);
	api_document_open(w, "schemas");
	json_schema_all(w);
	json_write_end_object(w);
	json_write_end_object(w);
}

void asyncapi_write(struct buf *out)
{
	struct json_writer w = json_write_into(out);

	api_document_begin(&w, "asyncapi", "3.0.0",
		"Events over Socket.IO (path /socket.io/, Engine.IO 4); `receive` is from a client "
		"to the server.");
	api_document_pair(&w, "defaultContentType", "application/json");
	api_document_open(&w, "channels");
	for (int ns = 0; ns < NS_COUNT; ns++)
		channel(&w, (enum ns)ns);
	json_write_end_object(&w);
	api_document_open(&w, "operations");
	for (size_t i = 0; i < EVENT_COUNT; i++)
		operation(&w, &schema_events[i]);
	json_write_end_object(&w);
	components(&w);
	json_write_end_object(&w);
	buf_byte(out, '\n');
}

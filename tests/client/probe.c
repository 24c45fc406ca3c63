/* SPDX-License-Identifier: MIT
 *
 * probe - a client on link.h for the interop tests: one JSON object a line on standard input is done, one a
 * line on standard output tells what happened.
 *
 * probe '{"url":"http://…","ca":"file","websocket":false,"polling":false,"auth":{…},"connectTimeout":ms,"backoff":ms}'
 * {"do":"join|leave","ns":"/"}  {"do":"open|close|quit"}  {"do":"emit","ns":"/","name":"x","args":"1,2","binary":["base64"],"ack":1,"timeout":ms}
 *
 * Layer: tests.  Threads: the loop's, and one that reads lines.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "client/link/link.h"

struct probe {
	struct loop *loop;
	struct link *link;
	struct link_options options;
	struct str auth;
	struct arena arena; /* of the options */
};

/* What a command may hold; of the options too. */
struct command {
	struct str what, ns, name, args, url, ca, auth;
	struct str binary[ATTACHMENTS_MAX];
	size_t binary_count;
	int64_t ack, timeout_ms, connect_timeout_ms, backoff_ms;
	int64_t message_max;
	bool websocket_off, polling_off;
};

static enum err read_binary(struct json_reader *r, struct arena *a, struct command *c)
{
	struct str text;
	bool more;
	enum err e = json_read_open_array(r);

	while (!e && !(e = json_read_more_elements(r, &more)) && more) {
		struct buf b = { 0 };
		e = json_read_string(r, a, &text);
		if (!e)
			e = hash_parse_base64(text, BASE64_PADDED, &b);
		if (!e)
			c->binary[c->binary_count++] = arena_dup(a, buf_str(&b));
		buf_done(&b);
	}
	return e;
}

static enum err read_member(
	struct json_reader *r, struct arena *a, struct str key, struct command *c)
{
	const struct {
		const char *key;
		struct str *to;
	} texts[] = { { "do", &c->what }, { "ns", &c->ns }, { "name", &c->name },
		{ "args", &c->args }, { "url", &c->url }, { "ca", &c->ca } };
	const struct {
		const char *key;
		int64_t *to;
	} numbers[] = { { "ack", &c->ack }, { "timeout", &c->timeout_ms },
		{ "connectTimeout", &c->connect_timeout_ms }, { "backoff", &c->backoff_ms },
		{ "messageMax", &c->message_max } };
	bool on;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (str_eq(key, str_of(texts[i].key)))
			return json_read_string(r, a, texts[i].to);
	}
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		if (str_eq(key, str_of(numbers[i].key)))
			return json_read_int(r, numbers[i].to);
	}
	if (str_eq(key, STR("binary")))
		return read_binary(r, a, c);
	if (str_eq(key, STR("auth")))
		return json_read_raw(r, &c->auth);
	enum err e = json_read_bool(r, &on);
	if (!e && str_eq(key, STR("websocket")))
		c->websocket_off = !on;
	if (!e && str_eq(key, STR("polling")))
		c->polling_off = !on;
	return e;
}

static enum err read_command(struct str line, struct arena *a, struct command *c)
{
	struct json_reader r = json_read_of(line);
	struct str key;
	bool more;
	enum err e = json_read_open_object(&r);

	while (!e && !(e = json_read_more_members(&r, a, &more, &key)) && more)
		e = read_member(&r, a, key, c);
	return e;
}

/* ---- what happened ---- */

static struct json_writer line_begin(struct buf *b, const char *what)
{
	struct json_writer w = json_write_into(b);

	json_write_begin_object(&w);
	json_write_key(&w, STR("is"));
	json_write_string(&w, str_of(what));
	return w;
}

static void line_text(struct json_writer *w, const char *key, struct str value)
{
	json_write_key(w, str_of(key));
	json_write_string(w, value);
}

static void line_number(struct json_writer *w, const char *key, int64_t value)
{
	json_write_key(w, str_of(key));
	json_write_int(w, value);
}

static void line_end(struct json_writer *w)
{
	json_write_end_object(w);
	buf_byte(w->b, '\n');
	fwrite(w->b->p, 1, w->b->n, stdout);
	fflush(stdout);
	buf_done(w->b);
}

static void line_args(
	struct json_writer *w, struct str args, const struct str *attachments, size_t count)
{
	struct buf b = { 0 };

	buf_byte(&b, '[');
	buf_append(&b, args);
	buf_byte(&b, ']');
	json_write_key(w, STR("args"));
	json_write_raw(w, buf_str(&b));
	json_write_key(w, STR("binary"));
	json_write_begin_array(w);
	for (size_t i = 0; i < count; i++) {
		buf_clear(&b);
		hash_base64(&b, attachments[i], BASE64_PADDED);
		json_write_string(w, buf_str(&b));
	}
	json_write_end_array(w);
	buf_done(&b);
}

static void on_connected(void *context, const struct link_joined *j)
{
	struct probe *p = context;
	struct buf b = { 0 };
	struct json_writer w = line_begin(&b, "connected");

	line_text(&w, "ns", j->ns);
	line_text(&w, "sid", j->sid);
	line_text(&w, "transport", str_of(link_transport(p->link)));
	json_write_key(&w, STR("recovered"));
	json_write_bool(&w, j->recovered);
	line_end(&w);
}

static void on_refused(void *context, const struct link_refusal *r)
{
	struct buf b = { 0 };
	struct json_writer w = line_begin(&b, "refused");

	(void)context;
	line_text(&w, "ns", r->ns);
	line_text(&w, "message", r->message);
	line_text(&w, "data", r->data_json);
	line_end(&w);
}

/* An event that wants an acknowledgement gets what it carried. */
static void on_event(void *context, const struct link_event *e)
{
	struct probe *p = context;
	struct buf b = { 0 };
	struct json_writer w = line_begin(&b, "event");

	line_text(&w, "ns", e->ns);
	line_text(&w, "name", e->name);
	line_args(&w, e->args, e->attachments, e->attachment_count);
	line_end(&w);
	if (!e->wants_ack)
		return;
	struct link_message m = { .ns = e->ns,
		.args = e->args,
		.attachments = e->attachments,
		.attachment_count = e->attachment_count };
	if (link_ack(p->link, e->ack_id, &m))
		abort();
}

static void on_left(void *context, struct str ns)
{
	struct buf b = { 0 };
	struct json_writer w = line_begin(&b, "left");

	(void)context;
	line_text(&w, "ns", ns);
	line_end(&w);
}

static void on_disconnected(void *context, struct str reason, int64_t retry_ms)
{
	struct buf b = { 0 };
	struct json_writer w = line_begin(&b, "disconnected");

	(void)context;
	line_text(&w, "reason", reason);
	line_number(&w, "retry", retry_ms);
	line_end(&w);
}

static void on_error(void *context, enum err code, struct str sentence, int64_t retry_ms)
{
	struct buf b = { 0 };
	struct json_writer w = line_begin(&b, "error");

	(void)context;
	line_text(&w, "code", str_of(err_wire(code)));
	line_text(&w, "sentence", sentence);
	line_number(&w, "retry", retry_ms);
	line_end(&w);
}

static const struct link_handler handler = { .connected = on_connected,
	.refused = on_refused,
	.event = on_event,
	.left = on_left,
	.disconnected = on_disconnected,
	.error = on_error };

/* ---- what is to be done ---- */

struct asked {
	int64_t number;
};

static void on_ack(void *context, const struct link_answer *a)
{
	static const char *const outcomes[] = { "answered", "timed out", "lost" };
	struct asked *asked = context;
	struct buf b = { 0 };
	struct json_writer w = line_begin(&b, "ack");

	line_number(&w, "ack", asked->number);
	line_text(&w, "outcome", str_of(outcomes[a->outcome]));
	line_args(&w, a->args, a->attachments, a->attachment_count);
	line_end(&w);
	free(asked);
}

static enum err emit(struct probe *p, const struct command *c)
{
	struct asked *asked = c->ack ? malloc(sizeof *asked) : NULL;
	struct link_message m = { .ns = c->ns,
		.name = c->name,
		.args = c->args,
		.attachments = c->binary,
		.attachment_count = c->binary_count,
		.ack = c->ack ? on_ack : NULL,
		.context = asked,
		.timeout_ms = c->timeout_ms };

	if (asked)
		asked->number = c->ack;
	enum err e = link_emit(p->link, &m);
	if (e)
		free(asked);
	return e;
}

static enum err act(struct probe *p, const struct command *c)
{
	if (str_eq(c->what, STR("join")))
		return link_join(p->link, c->ns);
	if (str_eq(c->what, STR("leave")))
		link_leave(p->link, c->ns);
	else if (str_eq(c->what, STR("open")))
		link_open(p->link);
	else if (str_eq(c->what, STR("close")))
		link_close(p->link);
	else if (str_eq(c->what, STR("quit")))
		loop_stop(p->loop);
	else
		return emit(p, c);
	return ERR_OK;
}

struct line {
	struct probe *probe;
	struct str text;
	char bytes[];
};

static void on_line(void *context)
{
	struct line *line = context;
	struct arena a = { 0 };
	struct command c = { 0 };
	enum err e = read_command(line->text, &a, &c);

	if (!e)
		e = act(line->probe, &c);
	struct buf b = { 0 };
	struct json_writer w = line_begin(&b, "done");
	line_text(&w, "error", e ? str_of(err_wire(e)) : STR(""));
	line_end(&w);
	arena_done(&a);
	free(line);
}

static void post(struct probe *p, struct str text)
{
	struct line *line = malloc(sizeof *line + text.n);

	if (!line)
		abort();
	line->probe = p;
	memcpy(line->bytes, text.p, text.n);
	line->text = (struct str){ line->bytes, text.n };
	if (loop_post(p->loop, on_line, line))
		abort();
}

static void *read_lines(void *context)
{
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&text, &cap, stdin)) > 0)
		post(context, (struct str){ text, (size_t)n });
	free(text);
	post(context, STR("{\"do\":\"quit\"}"));
	return NULL;
}

static bool auth(void *context, struct str ns, struct buf *out)
{
	const struct probe *p = context;

	(void)ns;
	buf_append(out, p->auth);
	return true;
}

static enum err set_up(struct probe *p, struct str text)
{
	struct command c = { 0 };
	enum err e = read_command(text, &p->arena, &c);

	if (e)
		return e;
	p->auth = c.auth;
	p->options = (struct link_options){ .url = c.url,
		.tls_ca_file = c.ca.n ? arena_dup(&p->arena, c.ca).p : NULL,
		.websocket_off = c.websocket_off,
		.polling_off = c.polling_off,
		.connect_timeout_ms = c.connect_timeout_ms,
		.backoff_base_ms = c.backoff_ms,
		.message_max = (uint32_t)c.message_max,
		.environment = getenv,
		.auth = auth };
	e = loop_new(&p->loop);
	return e ? e : link_new(p->loop, &p->options, &handler, p, &p->link);
}

int main(int argc, char **argv)
{
	struct probe p = { 0 };
	pthread_t reader;
	enum err e = argc == 2 ? set_up(&p, str_of(argv[1])) : ERR_BAD_REQUEST;

	if (!e && pthread_create(&reader, NULL, read_lines, &p))
		e = ERR_UNAVAILABLE;
	if (e) {
		fprintf(stderr, "probe: %s\n", err_doc(e));
		return 1;
	}
	loop_run(p.loop);
	pthread_join(reader, NULL); /* the test ends our input */
	link_free(p.link);
	loop_run_closing(p.loop);
	loop_free(p.loop);
	arena_done(&p.arena);
	return 0;
}

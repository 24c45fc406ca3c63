/* SPDX-License-Identifier: MIT
 *
 * link_receive - Socket.IO packets that came from the server, attachments put to their texts.
 *
 * Layer: client.  Threads: its loop's.
 */
#include "base/json_read.h"
#include "client/link/link_inside.h"

enum { OFFSET_MAX = 256, PID_MAX = 256 };

static const char malformed[] = "The server sent a malformed Socket.IO packet.";
static const char no_memory[] = "There is no memory for the server's packet.";

void link_receive_reset(struct link *k)
{
	struct arena kept = k->in.arena;

	if (k->in.dispatching) /* somebody still reads what is in it */
		return;
	arena_reset(&kept);
	k->in = (struct link_assembly){ .arena = kept };
}

static void fail(struct link *k, enum err e)
{
	if (e == ERR_NOMEM)
		link_broken(k, ENGINE_TRANSPORT_ERROR, no_memory);
	else
		link_broken(k, ENGINE_PARSE_ERROR, malformed);
}

/* ---- CONNECT and what ends a namespace ---- */

struct welcome {
	struct str sid, pid;
};

static enum err read_welcome(struct str json, struct arena *a, struct welcome *out)
{
	struct json_reader r = json_read_of(json);
	struct str key, raw;
	bool more;
	enum err e = json_read_open_object(&r);

	while (!e && !(e = json_read_more_members(&r, a, &more, &key)) && more) {
		if (str_eq(key, STR("sid")))
			e = json_read_string(&r, a, &out->sid);
		else if (str_eq(key, STR("pid")))
			e = json_read_string(&r, a, &out->pid);
		else
			e = json_read_raw(&r, &raw);
	}
	return e ? e : out->sid.n ? ERR_OK : ERR_BAD_REQUEST;
}

static void on_event(struct link *k, struct link_space *s, const struct sio_packet *p);

static void drop_held(struct link *k, struct str ns)
{
	struct link_held *h;

	while ((h = link_held_take(k, ns)) != NULL)
		link_held_free(h);
}

/* What came too early is told now; a callback may have ended everything in between. */
static void give_held(struct link *k, struct str ns)
{
	struct link_held *h;

	while (link_is_connected(k, ns) && (h = link_held_take(k, ns)) != NULL) {
		memcpy(k->in.attachments, h->attachments, sizeof h->attachments);
		k->in.count = h->count;
		on_event(k, link_space_find(k, ns), &h->packet);
		link_held_free(h);
	}
}

static void on_connect(struct link *k, struct link_space *s, const struct sio_packet *p)
{
	struct welcome w = { 0 };
	enum err e = read_welcome(p->payload, &k->in.arena, &w);

	if (!e && s->state != LINK_SPACE_JOINING)
		e = ERR_BAD_REQUEST;
	bool recovered = w.pid.n && str_eq(w.pid, buf_str(&s->pid));
	if (!e && !recovered) {
		buf_clear(&s->offset);
		buf_clear(&s->pid);
		if (w.pid.n <= PID_MAX)
			buf_append(&s->pid, w.pid);
		if (buf_failed(&s->pid))
			e = ERR_NOMEM;
	}
	if (e) {
		fail(k, e);
		return;
	}
	s->state = LINK_SPACE_JOINED;
	link_space_watch(k);
	k->attempts = 0;
	struct link_joined j = { .ns = p->namespace, .sid = w.sid, .recovered = recovered };
	k->handler->connected(k->context, &j);
	give_held(k, p->namespace);
}

/* A namespace went off: without any other there is nothing to be connected for. */
static void settle(struct link *k)
{
	link_settle(k);
	if (k->opened && k->state == LINK_IDLE)
		k->handler->disconnected(k->context, STR("io server disconnect"), LINK_NO_RETRY);
}

/* { "message": "…", "data": … }, or a string alone. */
static enum err read_refusal(struct str json, struct arena *a, struct link_refusal *out)
{
	struct json_reader r = json_read_of(json);
	struct str key, raw;
	bool more;

	if (json_read_peek(&r) == JSON_TYPE_STRING)
		return json_read_string(&r, a, &out->message);
	enum err e = json_read_open_object(&r);
	while (!e && !(e = json_read_more_members(&r, a, &more, &key)) && more) {
		if (str_eq(key, STR("message")) && json_read_peek(&r) == JSON_TYPE_STRING)
			e = json_read_string(&r, a, &out->message);
		else if (str_eq(key, STR("data")))
			e = json_read_raw(&r, &out->data_json);
		else
			e = json_read_raw(&r, &raw);
	}
	return e;
}

static void on_connect_error(struct link *k, struct link_space *s, const struct sio_packet *p)
{
	struct link_refusal r = { .ns = p->namespace };
	enum err e = read_refusal(p->payload, &k->in.arena, &r);

	if (e || s->state != LINK_SPACE_JOINING) {
		fail(k, e);
		return;
	}
	s->state = LINK_SPACE_OFF;
	link_space_watch(k);
	drop_held(k, p->namespace);
	k->handler->refused(k->context, &r);
	settle(k);
}

static void on_disconnect(struct link *k, struct link_space *s, const struct sio_packet *p)
{
	s->state = LINK_SPACE_OFF;
	link_space_watch(k);
	buf_clear(&s->pid);
	buf_clear(&s->offset);
	link_pending_lost(k, s);
	k->handler->left(k->context, p->namespace);
	settle(k);
}

/* ---- events and acknowledgements ---- */

/* With recovery the last argument, a string, says how far the client has come. */
static enum err note_offset(struct link *k, struct link_space *s, const struct sio_packet *p)
{
	struct json_reader r = json_read_of(p->payload);
	struct str raw = { 0 }, offset;
	bool more;
	enum err e = json_read_open_array(&r);

	while (!e && !(e = json_read_more_elements(&r, &more)) && more)
		e = json_read_raw(&r, &raw);
	if (e || p->args.n == 0 || raw.n < 2 || raw.p[0] != '"' || raw.n > OFFSET_MAX)
		return e;
	r = json_read_of(raw);
	if (json_read_string(&r, &k->in.arena, &offset))
		return ERR_OK;
	buf_clear(&s->offset);
	buf_append(&s->offset, offset);
	return buf_failed(&s->offset) ? ERR_NOMEM : ERR_OK;
}

static void on_event(struct link *k, struct link_space *s, const struct sio_packet *p)
{
	enum err e = s->pid.n ? note_offset(k, s, p) : ERR_OK;

	if (e) {
		fail(k, e);
		return;
	}
	struct link_event event = { .ns = p->namespace,
		.name = p->name,
		.args = p->args,
		.attachments = k->in.attachments,
		.attachment_count = k->in.count,
		.wants_ack = p->has_id,
		.ack_id = p->id };
	k->handler->event(k->context, &event);
}

static void on_event_at_any_time(struct link *k, struct link_space *s, const struct sio_packet *p)
{
	if (s->state == LINK_SPACE_JOINED) {
		on_event(k, s, p);
		return;
	}
	enum err e = s->state == LINK_SPACE_JOINING ? link_held_add(k, p) : ERR_OK;
	if (e)
		fail(k, e);
}

static void on_ack(struct link *k, struct link_space *s, const struct sio_packet *p)
{
	struct link_answer answer = { .outcome = LINK_ANSWERED,
		.args = p->args,
		.attachments = k->in.attachments,
		.attachment_count = k->in.count };

	if (!p->has_id)
		fail(k, ERR_BAD_REQUEST);
	else
		link_pending_answer(k, s, p->id, &answer);
}

/* A whole packet, to whom it concerns. */
static void give(struct link *k, const struct sio_packet *p)
{
	struct link_space *s = link_space_find(k, p->namespace);

	if (!s || s->state == LINK_SPACE_OFF) /* left while it was under way */
		return;
	switch (p->type) {
	case SIO_PACKET_CONNECT:
		on_connect(k, s, p);
		break;
	case SIO_PACKET_CONNECT_ERROR:
		on_connect_error(k, s, p);
		break;
	case SIO_PACKET_DISCONNECT:
		on_disconnect(k, s, p);
		break;
	case SIO_PACKET_EVENT:
	case SIO_PACKET_BINARY_EVENT:
		on_event_at_any_time(k, s, p);
		break;
	case SIO_PACKET_ACK:
	case SIO_PACKET_BINARY_ACK:
		on_ack(k, s, p);
		break;
	}
}

/* ---- putting together ---- */

static void dispatch(struct link *k, const struct sio_packet *p)
{
	k->in.dispatching = true;
	give(k, p);
	k->in.dispatching = false;
	link_receive_reset(k);
}

static void on_text(struct link *k, struct str text)
{
	struct link_assembly *in = &k->in;
	struct sio_packet p;

	if (in->under_way) {
		fail(k, ERR_BAD_REQUEST);
		return;
	}
	if (text.n && (text.p[0] == '5' || text.p[0] == '6')) {
		in->bytes = text.n;
		text = arena_dup(&in->arena, text);
	}
	enum err e = text.p ? sio_packet_parse_server(text, &in->arena, &p) : ERR_NOMEM;
	if (e) {
		fail(k, e);
		return;
	}
	if (p.attachments) {
		in->packet = p;
		in->under_way = true;
		return;
	}
	dispatch(k, &p);
}

static void on_binary(struct link *k, struct str bytes)
{
	struct link_assembly *in = &k->in;

	in->bytes += bytes.n;
	if (!in->under_way || in->bytes > k->options.message_max) {
		fail(k, ERR_BAD_REQUEST);
		return;
	}
	struct str copy = arena_dup(&in->arena, bytes);
	if (!copy.p) {
		fail(k, ERR_NOMEM);
		return;
	}
	in->attachments[in->count++] = copy;
	if (in->count < in->packet.attachments)
		return;
	struct sio_packet p = in->packet;
	dispatch(k, &p);
}

void link_receive(struct link *k, bool binary, char *p, size_t n)
{
	struct str bytes = { p, n };

	if (binary)
		on_binary(k, bytes);
	else
		on_text(k, bytes);
}

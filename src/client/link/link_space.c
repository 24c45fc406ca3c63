/* SPDX-License-Identifier: MIT
 *
 * link_space - the namespaces of a link: joining, leaving, sending (Socket.IO protocol revision 5, the client's side).
 *
 * Layer: client.  Threads: its loop's.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/json_read.h"
#include "base/json_write.h"
#include "client/link/link_inside.h"

static struct str name_of(const struct link_space *s)
{
	return (struct str){ s->name, s->name_n };
}

struct link_space *link_space_find(const struct link *k, struct str name)
{
	struct link_space *s = k->spaces;

	while (s && !str_eq(name_of(s), name))
		s = s->next;
	return s;
}

bool link_space_any(const struct link *k)
{
	for (const struct link_space *s = k->spaces; s; s = s->next) {
		if (s->state != LINK_SPACE_OFF)
			return true;
	}
	return false;
}

void link_space_free(struct link_space *s)
{
	if (!s)
		return;
	buf_done(&s->pid);
	buf_done(&s->offset);
	free(s);
}

void link_start_anew(struct link *k, struct str ns)
{
	struct link_space *s = link_space_find(k, ns);

	if (s)
		buf_clear(&s->pid);
}

enum err link_space_send(struct link *k, const struct sio_packet_source *from)
{
	struct frame *f;

	if (!k->transport)
		return ERR_UNAVAILABLE;
	enum err e = sio_packet_frame(loop_frames(k->loop), from, &f);
	if (e)
		return e;
	e = transport_send(k->transport, f);
	frame_unref(f);
	return e;
}

/* ---- CONNECT ---- */

/* What stands between the braces of a JSON object; nothing for nothing. */
static struct str inside_of(struct str json)
{
	struct json_reader r = json_read_of(json.n ? json : STR("{}"));
	struct str raw;
	bool sane = json_read_peek(&r) == JSON_TYPE_OBJECT && json_read_raw(&r, &raw) == ERR_OK &&
	            json_read_end(&r) == ERR_OK;

	assert(sane); /* link_options.auth makes an object, or nothing */
	if (!sane)
		return STR("");
	raw = (struct str){ raw.p + 1, raw.n - 2 };
	while (raw.n && strchr(" \t\r\n", raw.p[0]))
		raw = str_after(raw, 1);
	return raw;
}

/* The payload of CONNECT: what auth says, and what recovery needs. */
static void write_payload(const struct link_space *s, struct str auth, struct buf *out)
{
	struct json_writer w = json_write_into(out);
	struct str inside = inside_of(auth);

	if (s->pid.n == 0) {
		buf_append(out, auth);
		return;
	}
	json_write_begin_object(&w);
	json_write_key(&w, STR("pid"));
	json_write_string(&w, buf_str(&s->pid));
	json_write_key(&w, STR("offset"));
	json_write_string(&w, buf_str(&s->offset));
	if (inside.n)
		buf_byte(out, ',');
	buf_append(out, inside);
	buf_byte(out, '}');
}

enum err link_space_connect(struct link *k, struct link_space *s)
{
	CLEANUP(buf_done) struct buf auth = { 0 };
	CLEANUP(buf_done) struct buf payload = { 0 };

	if (k->options.auth && !k->options.auth(k->context, name_of(s), &auth))
		return ERR_OK;
	if (buf_failed(&auth))
		return ERR_NOMEM;
	write_payload(s, buf_str(&auth), &payload);
	if (buf_failed(&payload))
		return ERR_NOMEM;
	struct sio_packet_source from = {
		.type = SIO_PACKET_CONNECT, .namespace = name_of(s), .payload = buf_str(&payload)
	};
	enum err e = link_space_send(k, &from);
	if (!e)
		s->state = LINK_SPACE_JOINING;
	link_space_watch(k);
	return e;
}

void link_space_watch(struct link *k)
{
	const struct link_space *s = k->spaces;

	while (s && s->state != LINK_SPACE_JOINING)
		s = s->next;
	if (!s)
		loop_timer_stop(k->loop, &k->patience);
	else if (!k->patience.running)
		loop_timer_start(k->loop, &k->patience, k->options.connect_timeout_ms);
}

void link_space_connect_all(struct link *k)
{
	for (struct link_space *s = k->spaces; s; s = s->next) {
		if (s->state == LINK_SPACE_WANTED && link_space_connect(k, s))
			link_break_later(k);
	}
}

void link_space_lost(struct link *k)
{
	for (struct link_space *s = k->spaces; s; s = s->next) {
		if (s->state != LINK_SPACE_OFF)
			s->state = LINK_SPACE_WANTED;
	}
	link_receive_reset(k);
	link_held_clear(k);
	link_pending_lost(k, NULL);
}

void link_space_goodbye(struct link *k)
{
	for (const struct link_space *s = k->spaces; s; s = s->next) {
		struct sio_packet_source from = { .type = SIO_PACKET_DISCONNECT,
			.namespace = name_of(s) };
		if (s->state == LINK_SPACE_JOINED && link_space_send(k, &from))
			return; /* the end of the connection says the same */
	}
}

/* ---- the public half ---- */

static enum err add(struct link *k, struct str ns, struct link_space **out)
{
	if (ns.n == 0 || ns.p[0] != '/' || memchr(ns.p, ',', ns.n) || memchr(ns.p, '\0', ns.n))
		return ERR_BAD_REQUEST;
	if (ns.n > NAMESPACE_NAME_MAX || k->space_count >= NAMESPACES_PER_CONNECTION_MAX)
		return ERR_TOO_LARGE;
	struct link_space *s = calloc(1, sizeof *s);
	if (!s)
		return ERR_NOMEM;
	memcpy(s->name, ns.p, ns.n);
	s->name_n = ns.n;
	s->next = k->spaces;
	k->spaces = s;
	k->space_count++;
	*out = s;
	return ERR_OK;
}

enum err link_join(struct link *k, struct str ns)
{
	struct link_space *s = link_space_find(k, ns);

	if (!s) {
		enum err e = add(k, ns, &s);
		if (e)
			return e;
	}
	if (s->state == LINK_SPACE_OFF)
		s->state = LINK_SPACE_WANTED;
	if (s->state == LINK_SPACE_WANTED && k->state == LINK_OPEN && link_space_connect(k, s))
		link_break_later(k);
	link_settle(k);
	return ERR_OK;
}

void link_leave(struct link *k, struct str ns)
{
	struct link_space **at = &k->spaces;
	struct link_space *s = link_space_find(k, ns);
	struct link_held *h;

	if (!s)
		return;
	if (s->state == LINK_SPACE_JOINED || s->state == LINK_SPACE_JOINING) {
		struct sio_packet_source from = { .type = SIO_PACKET_DISCONNECT,
			.namespace = name_of(s) };
		if (link_space_send(k, &from))
			link_break_later(k);
	}
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	k->space_count--;
	while ((h = link_held_take(k, name_of(s))) != NULL)
		link_held_free(h);
	link_pending_lost(k, s);
	link_space_free(s);
	if (k->state == LINK_OPEN)
		link_space_watch(k);
	link_settle(k);
}

bool link_is_connected(const struct link *k, struct str ns)
{
	const struct link_space *s = link_space_find(k, ns);

	return s && s->state == LINK_SPACE_JOINED && k->state == LINK_OPEN;
}

enum err link_emit(struct link *k, const struct link_message *m)
{
	const struct link_space *s = link_space_find(k, m->ns);
	struct sio_packet_source from = { .type = SIO_PACKET_EVENT,
		.namespace = m->ns,
		.has_id = m->ack != NULL,
		.id = k->next_id,
		.name = m->name,
		.payload = m->args,
		.attachments = m->attachments,
		.attachment_count = m->attachment_count };

	if (!link_is_connected(k, m->ns))
		return ERR_UNAVAILABLE;
	if (m->name.n == 0 || m->name.n > EVENT_NAME_MAX || sio_packet_is_reserved(m->name))
		return ERR_BAD_REQUEST;
	enum err e = m->ack ? link_pending_add(k, s, m, k->next_id) : ERR_OK;
	if (!e) {
		e = link_space_send(k, &from);
		if (e && m->ack)
			link_pending_drop(k, k->next_id);
	}
	if (!e && m->ack)
		k->next_id++;
	return e;
}

enum err link_ack(struct link *k, uint64_t ack_id, const struct link_message *m)
{
	struct sio_packet_source from = { .type = SIO_PACKET_ACK,
		.namespace = m->ns,
		.has_id = true,
		.id = ack_id,
		.payload = m->args,
		.attachments = m->attachments,
		.attachment_count = m->attachment_count };

	return link_is_connected(k, m->ns) ? link_space_send(k, &from) : ERR_UNAVAILABLE;
}

/* SPDX-License-Identifier: MIT
 *
 * sio_recovery - see sio_recovery.h.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "base/json_read.h"
#include "base/text.h"
#include "sio/sio_inside.h"

enum { MAC_BYTES = 10, SECRET_RAW_BYTES = sizeof(uint64_t) + MAC_BYTES };

/* ---- the secret ---- */

void sio_recovery_secret(const struct sio_core *core, uint64_t handle, struct buf *out)
{
	char raw[SECRET_RAW_BYTES];

	memcpy(raw, &handle, sizeof handle);
	struct digest mac = hash_blake2b((struct str){ raw, sizeof handle }, &core->recovery_key);
	memcpy(raw + sizeof handle, mac.b, MAC_BYTES);
	hash_base64(out, (struct str){ raw, sizeof raw }, BASE64_URL);
}

/* The handle that a secret stands for; 0 when it is none of ours. */
static uint64_t handle_of(const struct sio_core *core, struct str secret)
{
	CLEANUP(buf_done) struct buf raw = { 0 };
	uint64_t handle;

	if (secret.n != RECOVERY_SECRET_BYTES || hash_parse_base64(secret, BASE64_URL, &raw) ||
		raw.n != SECRET_RAW_BYTES)
		return 0;
	memcpy(&handle, raw.p, sizeof handle);
	struct digest said = { 0 };
	struct digest mac = hash_blake2b((struct str){ raw.p, sizeof handle }, &core->recovery_key);
	memcpy(said.b, raw.p + sizeof handle, MAC_BYTES);
	memset(mac.b + MAC_BYTES, 0, sizeof mac.b - MAC_BYTES);
	return hash_equal(said, mac) ? handle : 0;
}

/* ---- waiting ---- */

void sio_recovery_arm(struct sio_core *core, int64_t due)
{
	if (due != INT64_MAX && (!core->recovery.running || core->recovery.due_ms > due))
		timer_start(engine_timers(core->engine), &core->recovery, due);
}

/* To the end of the list, which is ordered since all wait equally long; one that comes again goes to its place. */
static void list_add(struct sio_core *core, struct sio_parked *p)
{
	struct sio_parked *before = core->parked_last;

	while (before && before->due > p->due)
		before = before->prev;
	p->prev = before;
	p->next = before ? before->next : core->parked_first;
	if (p->prev)
		p->prev->next = p;
	else
		core->parked_first = p;
	if (p->next)
		p->next->prev = p;
	else
		core->parked_last = p;
	sio_recovery_arm(core, core->parked_first->due);
}

static void take_out(struct sio_parked *p)
{
	struct sio_core *core = p->namespace->core;

	HASH_DEL(core->parked, p);
	if (p->prev)
		p->prev->next = p->next;
	else
		core->parked_first = p->next;
	if (p->next)
		p->next->prev = p->prev;
	else
		core->parked_last = p->prev;
}

static size_t bytes_of(const struct sio_parked *p)
{
	return sizeof *p + p->rooms.n;
}

struct sio_parked *sio_recovery_park(struct sio_socket *s)
{
	struct sio_namespace *n = s->namespace;
	struct sio_parked *p = sio_kept_is_on(n) && !s->client->legacy ? malloc(sizeof *p) : NULL;

	if (!p)
		return NULL;
	*p = (struct sio_parked){ .handle = s->handle,
		.namespace = n,
		.user = s->user,
		.due = engine_now_ms(n->core->engine) + n->core->options.recovery_ms,
		.first_seq = s->first_seq,
		.last_seq = s->last_seq,
		.left_seq = n->seq };
	memcpy(p->id, s->id, SESSION_ID_BYTES);
	if (!sio_lost_note_rooms(p, s) || !sio_kept_make_room(n, bytes_of(p))) {
		buf_done(&p->rooms);
		free(p);
		return NULL;
	}
	n->parked_count++;
	n->recovery_bytes += bytes_of(p);
	HASH_ADD(hh, n->core->parked, handle, sizeof p->handle, p);
	if (!p->hh.tbl) {
		sio_recovery_free(p);
		return NULL;
	}
	list_add(n->core, p);
	return p;
}

void sio_recovery_set_user(struct sio_core *core, uint64_t handle, void *user)
{
	struct sio_parked *p;

	HASH_FIND(hh, core->parked, &handle, sizeof handle, p);
	if (p)
		p->user = user;
}

void sio_recovery_wait(struct sio_parked *p)
{
	struct sio_core *core = p->namespace->core;

	HASH_ADD(hh, core->parked, handle, sizeof p->handle, p);
	if (p->hh.tbl) {
		list_add(core, p);
		return;
	}
	sio_socket_slot_free(core, p->handle);
	sio_recovery_free(p);
}

void sio_recovery_free(struct sio_parked *p)
{
	p->namespace->parked_count--;
	p->namespace->recovery_bytes -= bytes_of(p);
	sio_dynamic_check(p->namespace);
	buf_done(&p->rooms);
	free(p);
}

void sio_recovery_give_up(struct sio_parked *p)
{
	struct sio_namespace *n = p->namespace;
	void *user = p->user;

	take_out(p);
	sio_socket_slot_free(n->core, p->handle);
	sio_recovery_free(p);
	if (n->handler->expired)
		n->handler->expired(n->context, user);
}

void sio_recovery_run(void *context)
{
	struct sio_core *core = context;
	int64_t now = engine_now_ms(core->engine), due = INT64_MAX;

	while (core->parked_first && core->parked_first->due <= now)
		sio_recovery_give_up(core->parked_first);
	for (struct sio_namespace *n = core->namespaces; n; n = n->hh.next) {
		sio_kept_expire(n, now - core->options.keep_ms + 1);
		due = sio_kept_due(n) < due ? sio_kept_due(n) : due;
	}
	sio_recovery_arm(core, core->parked_first ? core->parked_first->due : INT64_MAX);
	sio_recovery_arm(core, due);
}

void sio_recovery_done(struct sio_core *core)
{
	while (core->parked_first)
		sio_recovery_give_up(core->parked_first);
	for (struct sio_namespace *n = core->namespaces; n; n = n->hh.next)
		sio_kept_expire(n, INT64_MAX);
	timer_stop(engine_timers(core->engine), &core->recovery);
}

/* ---- coming back ---- */

/* pid and offset of auth; empty what is not there or no string. */
static enum err read_auth(struct str auth, struct arena *a, struct str *pid, struct str *offset)
{
	struct json_reader r = json_read_of(auth);
	struct str key, raw;
	bool more = false;
	enum err e = json_read_open_object(&r);

	*pid = *offset = STR("");
	while (!e && !(e = json_read_more_members(&r, a, &more, &key)) && more) {
		struct str *to = str_eq(key, STR("pid"))      ? pid
		                 : str_eq(key, STR("offset")) ? offset
		                                              : &raw;
		if (to != &raw && json_read_peek(&r) == JSON_TYPE_STRING)
			e = json_read_string(&r, a, to);
		else
			e = json_read_raw(&r, &raw);
	}
	return e;
}

/* What follows start_seq is missed; false when not all of it is there any more. */
static bool find_start(struct sio_parked *p, struct str offset)
{
	const struct sio_namespace *n = p->namespace;
	int64_t number = (int64_t)p->first_seq; /* it got nothing yet */

	if (offset.n && !text_digits(offset, &number))
		return false;
	uint64_t seq = (uint64_t)number;
	if (seq < p->first_seq || seq > n->seq)
		return false;
	p->start_seq = seq == p->last_seq ? p->left_seq : seq;
	return p->start_seq >= n->dropped_seq &&
	       sio_kept_missed(n, p) <= n->core->options.replay_bytes;
}

struct sio_parked *sio_recovery_claim(
	struct sio_core *core, struct sio_namespace *n, struct str auth)
{
	struct str pid, offset;
	struct sio_parked *p = NULL;

	if (!sio_kept_is_on(n) || read_auth(auth, &core->arena, &pid, &offset))
		return NULL;
	uint64_t handle = handle_of(core, pid);
	struct sio_socket *stale = handle ? sio_core_find(core, handle) : NULL;
	if (stale && stale->namespace == n)
		sio_socket_close_connection(stale);
	HASH_FIND(hh, core->parked, &handle, sizeof handle, p);
	if (!p || p->namespace != n)
		return NULL;
	if (p->outrun || !find_start(p, offset)) {
		sio_recovery_give_up(p);
		return NULL;
	}
	take_out(p);
	return p;
}

bool sio_recovery_is_whole(const struct sio_parked *p)
{
	return !p->outrun && p->start_seq >= p->namespace->dropped_seq;
}

enum sio_result sio_recovery_restore(struct sio_socket *s, const struct sio_parked *p)
{
	enum sio_result r = SIO_OK;
	struct lost_room room;
	struct str name;
	size_t at = 0;

	while (!r && sio_lost_next_room(p, &at, &room, &name)) {
		if (room.until == UINT64_MAX)
			r = sio_socket_join(s, sio_inside_out(name));
	}
	if (r)
		return r;
	s->first_seq = p->first_seq;
	s->last_seq = s->namespace->seq;
	sio_kept_replay(s->namespace, p, s->client->session);
	return SIO_OK;
}

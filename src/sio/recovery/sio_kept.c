/* SPDX-License-Identifier: MIT
 *
 * sio_kept - the events that somebody may have missed: a bounded list a namespace, the oldest first.
 *
 * Layer: sio.  Threads: the core's.
 */
#include <stdlib.h>

#include "sio/sio_inside.h"

/* One event, and whom it was for. */
struct sio_kept {
	struct sio_kept *next;
	struct frame *frame;
	uint64_t seq, except_socket;
	int64_t at;
	size_t bytes;
	uint32_t room_count, except_count;
	char names[]; /* rooms, then excepted rooms, each behind its length in two bytes */
};

bool sio_kept_is_on(const struct sio_namespace *n)
{
	return n->core->options.recovery_ms > 0;
}

size_t sio_kept_number(struct sio_namespace *n, bool keep, char out[RECOVERY_OFFSET_BYTES])
{
	char digits[RECOVERY_OFFSET_BYTES];
	size_t count = 0;

	if (!sio_kept_is_on(n))
		return 0;
	if (keep)
		n->seq++;
	uint64_t rest = n->seq;
	do {
		digits[count++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	for (size_t i = 0; i < count; i++)
		out[i] = digits[count - 1 - i];
	return count;
}

static void drop_first(struct sio_namespace *n)
{
	struct sio_kept *k = n->kept_first;

	n->kept_first = k->next;
	if (!n->kept_first)
		n->kept_last = NULL;
	n->dropped_seq = k->seq;
	n->recovery_bytes -= k->bytes;
	frame_unref(k->frame);
	free(k);
}

void sio_kept_expire(struct sio_namespace *n, int64_t before)
{
	while (n->kept_first && n->kept_first->at < before)
		drop_first(n);
}

int64_t sio_kept_due(const struct sio_namespace *n)
{
	return n->kept_first ? n->kept_first->at + n->core->options.keep_ms : INT64_MAX;
}

bool sio_kept_make_room(struct sio_namespace *n, size_t bytes)
{
	while (n->kept_first && n->recovery_bytes + bytes > n->core->options.recovery_bytes)
		drop_first(n);
	return n->recovery_bytes + bytes <= n->core->options.recovery_bytes;
}

static char *put_name(char *p, struct sio_str name)
{
	uint16_t n = (uint16_t)name.n;

	memcpy(p, &n, sizeof n);
	if (name.n)
		memcpy(p + sizeof n, name.p, name.n);
	return p + sizeof n + name.n;
}

static size_t names_bytes(const struct sio_str *names, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += sizeof(uint16_t) + names[i].n;
	return n;
}

static struct sio_kept *kept_new(struct frame *f, const struct sio_target *to)
{
	size_t names = names_bytes(to->rooms, to->room_count) +
	               names_bytes(to->except_rooms, to->except_room_count);
	struct sio_kept *k = malloc(sizeof *k + names);

	if (!k)
		return NULL;
	*k = (struct sio_kept){ .frame = frame_ref(f),
		.except_socket = to->except_socket,
		.bytes = sizeof *k + names + sizeof *f + f->cap,
		.room_count = (uint32_t)to->room_count,
		.except_count = (uint32_t)to->except_room_count };
	char *p = k->names;
	for (size_t i = 0; i < to->room_count; i++)
		p = put_name(p, to->rooms[i]);
	for (size_t i = 0; i < to->except_room_count; i++)
		p = put_name(p, to->except_rooms[i]);
	return k;
}

void sio_kept_add(struct sio_namespace *n, struct frame *f, const struct sio_target *to)
{
	struct sio_kept *k = NULL;

	if (n->n || n->parked_count)
		k = kept_new(f, to);
	if (!k || !sio_kept_make_room(n, k->bytes)) {
		if (k)
			frame_unref(k->frame);
		free(k);
		while (n->kept_first) /* behind a gap nothing is of use */
			drop_first(n);
		n->dropped_seq = n->seq;
		return;
	}
	k->seq = n->seq;
	k->at = engine_now_ms(n->core->engine);
	n->recovery_bytes += k->bytes;
	if (n->kept_last)
		n->kept_last->next = k;
	else
		n->kept_first = k;
	n->kept_last = k;
	sio_recovery_arm(n->core, sio_kept_due(n));
}

/* Takes a name off. */
static struct str take_name(const char **p)
{
	uint16_t n;

	memcpy(&n, *p, sizeof n);
	struct str s = { *p + sizeof n, n };
	*p += sizeof n + n;
	return s;
}

static bool was_for(const struct sio_kept *k, const struct sio_parked *p)
{
	const char *at = k->names;
	bool wanted = k->room_count == 0;

	if (k->seq <= p->start_seq || k->except_socket == p->handle)
		return false;
	for (uint32_t i = 0; i < k->room_count; i++)
		wanted = sio_lost_was_in(p, take_name(&at), k->seq) || wanted;
	for (uint32_t i = 0; i < k->except_count; i++)
		wanted = !sio_lost_was_in(p, take_name(&at), k->seq) && wanted;
	return wanted;
}

size_t sio_kept_missed(const struct sio_namespace *n, const struct sio_parked *p)
{
	size_t bytes = 0;

	for (const struct sio_kept *k = n->kept_first; k && bytes <= n->core->options.replay_bytes;
		k = k->next)
		bytes += was_for(k, p) ? k->frame->n : 0;
	return bytes;
}

void sio_kept_replay(struct sio_namespace *n, const struct sio_parked *p, struct channel *to)
{
	for (const struct sio_kept *k = n->kept_first; k; k = k->next) {
		if (was_for(k, p))
			channel_send(to, k->frame);
	}
}

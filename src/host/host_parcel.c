/* SPDX-License-Identifier: MIT
 *
 * host_parcel - see host_parcel.h.
 *
 * Layer: host.  Threads: see host_parcel.h.
 */
#include "host/host_parcel.h"

#include <stdlib.h>

enum { PARCEL_BYTES = 16384 - sizeof(struct host_parcel), SPARE_MAX = 16, UNIT = 8 };

static size_t padded(size_t n)
{
	return (n + UNIT - 1) / UNIT * UNIT;
}

/* An empty one with room for n bytes. */
static struct host_parcel *take_parcel(struct host_box *b, size_t n)
{
	struct host_parcel *p = b->spare;
	size_t cap = n > PARCEL_BYTES ? n : PARCEL_BYTES;

	if (p && n <= PARCEL_BYTES) {
		b->spare = p->next;
		b->spare_count--;
	} else {
		p = malloc(sizeof *p + cap);
		if (!p)
			return NULL;
		p->cap = cap;
	}
	p->next = NULL;
	p->used = 0;
	p->weight = p->cap;
	if (b->last)
		b->last->next = p;
	else
		b->first = p;
	b->last = p;
	b->weight += p->weight;
	return p;
}

static char *end_of(struct host_parcel *p)
{
	return (char *)p->bytes + p->used;
}

struct host_record *host_parcel_add(struct host_box *b, enum host_record_kind kind, size_t n)
{
	struct host_parcel *p = b->last;
	size_t whole = sizeof(struct host_record) + padded(n);

	if (!p || p->cap - p->used < whole)
		p = take_parcel(b, whole);
	if (!p)
		return NULL;
	struct host_record *r = (struct host_record *)(void *)end_of(p);
	*r = (struct host_record){ .kind = (uint8_t)kind, .n = (uint32_t)n };
	p->used += whole;
	b->open = r;
	return r;
}

void *host_parcel_extend(struct host_box *b, size_t n)
{
	struct host_parcel *p = b->last;

	if (!b->open || p->cap - p->used < n)
		return NULL;
	char *at = end_of(p);
	p->used += n;
	b->open->n += (uint32_t)n;
	return at;
}

struct host_record *host_parcel_next(struct host_parcel *p, size_t *at)
{
	if (*at == p->used)
		return NULL;
	struct host_record *r = (struct host_record *)(void *)((char *)p->bytes + *at);
	*at += sizeof *r + padded(r->n);
	return r;
}

size_t host_parcel_post(
	struct host_box *b, struct loop *l, struct host_thread *t, void (*fn)(void *parcel))
{
	struct host_parcel *p = b->first;
	size_t weight = b->weight;

	b->first = b->last = NULL;
	b->open = NULL;
	b->weight = 0;
	while (p) {
		struct host_parcel *next = p->next;
		p->thread = t;
		p->task = (struct loop_task){ .fn = fn, .context = p };
		loop_post_task(l, &p->task);
		p = next;
	}
	return weight;
}

void host_parcel_keep(struct host_box *b, struct host_parcel *take_p)
{
	if (b->spare_count == SPARE_MAX || take_p->cap > PARCEL_BYTES) {
		free(take_p);
		return;
	}
	take_p->next = b->spare;
	b->spare = take_p;
	b->spare_count++;
}

void host_parcel_done(struct host_box *b)
{
	while (b->spare) {
		struct host_parcel *next = b->spare->next;
		free(b->spare);
		b->spare = next;
	}
	b->spare_count = 0;
}

/* SPDX-License-Identifier: MIT
 *
 * timer - a pairing heap (Fredman, Sedgewick, Sleator, Tarjan 1986), linked through the timers.
 *
 * The first child's `prev` is its parent; another child's is the sibling before it.
 *
 * Layer: base.  Threads: the heap's owner.
 */
#include "base/timer.h"

#include <stddef.h>

static struct timer *meld(struct timer *a, struct timer *b)
{
	if (!a || !b)
		return a ? a : b;
	if (b->due_ms < a->due_ms) {
		struct timer *t = a;
		a = b;
		b = t;
	}
	b->prev = a;
	b->next = a->child;
	if (a->child)
		a->child->prev = b;
	a->child = b;
	return a;
}

/* Makes one heap of the siblings that begin at t: pairs from the left, then all from the right. */
static struct timer *meld_siblings(struct timer *t)
{
	struct timer *pairs = NULL, *heap = NULL;

	while (t) {
		struct timer *a = t, *b = t->next;
		t = b ? b->next : NULL;
		a->next = a->prev = NULL;
		if (b)
			b->next = b->prev = NULL;
		a = meld(a, b);
		a->next = pairs;
		pairs = a;
	}
	while (pairs) {
		struct timer *next = pairs->next;
		pairs->next = NULL;
		heap = meld(heap, pairs);
		pairs = next;
	}
	return heap;
}

void timer_start(struct timers *ts, struct timer *t, int64_t due_ms)
{
	timer_stop(ts, t);
	t->due_ms = due_ms <= ts->run_ms ? ts->run_ms + 1 : due_ms;
	t->running = true;
	ts->first = meld(ts->first, t);
}

void timer_stop(struct timers *ts, struct timer *t)
{
	if (!t->running)
		return;
	if (t == ts->first) {
		ts->first = meld_siblings(t->child);
	} else {
		if (t->prev->child == t)
			t->prev->child = t->next;
		else
			t->prev->next = t->next;
		if (t->next)
			t->next->prev = t->prev;
		ts->first = meld(ts->first, meld_siblings(t->child));
	}
	if (ts->first)
		ts->first->next = ts->first->prev = NULL;
	t->child = t->next = t->prev = NULL;
	t->running = false;
}

void timer_run(struct timers *ts, int64_t now_ms)
{
	ts->run_ms = now_ms;
	while (ts->first && ts->first->due_ms <= now_ms) {
		struct timer *t = ts->first;
		timer_stop(ts, t);
		t->fn(t->context);
	}
	ts->run_ms = INT64_MIN;
}

int64_t timer_next_due(const struct timers *ts)
{
	return ts->first ? ts->first->due_ms : INT64_MAX;
}

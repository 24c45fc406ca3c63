/* SPDX-License-Identifier: MIT
 *
 * give_back - see give_back.h.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/give_back.h"

#include <malloc.h>

enum { LOOK_MS = 30000, LEAST_BYTES = 32 << 20 };

/* More than half of the heap is free, and it is worth the while. */
static void look(void *context)
{
	struct give_back *g = context;
	struct mallinfo2 heap = mallinfo2();

	if (heap.fordblks > LEAST_BYTES && heap.fordblks > heap.uordblks)
		(void)malloc_trim(0);
	loop_timer_start(g->loop, &g->timer, LOOK_MS);
}

void give_back_start(struct give_back *g, struct loop *loop)
{
	*g = (struct give_back){ .loop = loop, .timer = { .fn = look, .context = g } };
	loop_timer_start(loop, &g->timer, LOOK_MS);
}

void give_back_stop(struct give_back *g)
{
	if (g->loop)
		loop_timer_stop(g->loop, &g->timer);
}

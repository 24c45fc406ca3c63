/* SPDX-License-Identifier: MIT
 *
 * clock - the machine's own clocks.
 *
 * Layer: base.  Threads: any.
 */
#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t); /* cannot fail for the two clocks below */
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t wall_ms(void *context)
{
	(void)context;
	return read_ms(CLOCK_REALTIME);
}

static int64_t monotonic_ms(void *context)
{
	(void)context;
	return read_ms(CLOCK_MONOTONIC);
}

struct clock clock_system(void)
{
	return (struct clock){ .wall_ms = wall_ms, .monotonic_ms = monotonic_ms, .context = NULL };
}

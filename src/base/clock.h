/* SPDX-License-Identifier: MIT
 *
 * clock - what time it is, handed in, so that a test can own it.
 *
 * Layer: base.  Threads: any, when the implementation's context allows it; clock_system does.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
	int64_t (*wall_ms)(void *context);      /* since 1970-01-01 UTC, milliseconds */
	int64_t (*monotonic_ms)(void *context); /* from any point, never back, milliseconds */
	void *context;
};

static inline int64_t clock_wall_ms(const struct clock *c)
{
	return c->wall_ms(c->context);
}

static inline int64_t clock_monotonic_ms(const struct clock *c)
{
	return c->monotonic_ms(c->context);
}

/* The machine's own clocks. */
struct clock clock_system(void);

#endif

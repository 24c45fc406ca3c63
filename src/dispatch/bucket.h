/* SPDX-License-Identifier: MIT
 *
 * bucket - an allowance that fills up with time: a token bucket.
 *
 * Layer: dispatch.  Threads: one owner at a time.
 */
#ifndef DISPATCH_BUCKET_H
#define DISPATCH_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket_rate {
	int64_t per_second; /* 0: no limit at all */
	int64_t burst;
};

struct bucket {
	int64_t spent;   /* thousandths of a token that are missing to a full bucket */
	int64_t seen_ms; /* when spent was true */
};

/* True when nothing is missing any more: a new bucket would allow as much. */
static inline bool bucket_is_full(const struct bucket *b, struct bucket_rate rate, int64_t now_ms)
{
	return rate.per_second == 0 || b->spent <= (now_ms - b->seen_ms) * rate.per_second;
}

/* Takes tokens out; false, and nothing taken, when there are not enough. now_ms never goes back. */
static inline bool bucket_take(
	struct bucket *b, struct bucket_rate rate, unsigned tokens, int64_t now_ms)
{
	if (rate.per_second == 0)
		return true;
	int64_t spent = b->spent - (now_ms - b->seen_ms) * rate.per_second;
	b->spent = spent > 0 ? spent : 0;
	b->seen_ms = now_ms;
	if (b->spent + (int64_t)tokens * 1000 > rate.burst * 1000)
		return false;
	b->spent += (int64_t)tokens * 1000;
	return true;
}

#endif

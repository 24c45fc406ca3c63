/* SPDX-License-Identifier: MIT
 *
 * no_memory - makes one allocation of the program fail, the nth from now: for tests that try each in turn.
 * The program is linked with --wrap=malloc, --wrap=calloc and --wrap=realloc; its one source file includes this.
 *
 * Layer: tests.  Threads: any.
 */
#ifndef UNIT_NO_MEMORY_H
#define UNIT_NO_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

static _Atomic long no_memory_in; /* 1: the next allocation fails; 0: none does */
static _Atomic bool no_memory_came;

/* From now on the nth allocation fails, n from 1, and no other. */
static inline void no_memory_begin(long nth)
{
	atomic_store(&no_memory_came, false);
	atomic_store(&no_memory_in, nth);
}

/* None fails any more. True when one did. */
static inline bool no_memory_end(void)
{
	atomic_store(&no_memory_in, 0);
	return atomic_load(&no_memory_came);
}

static bool no_memory_now(void)
{
	if (atomic_load(&no_memory_in) <= 0 || atomic_fetch_sub(&no_memory_in, 1) != 1)
		return false;
	atomic_store(&no_memory_came, true);
	return true;
}

void *__wrap_malloc(size_t size)
{
	return no_memory_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return no_memory_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return no_memory_now() ? NULL : __real_realloc(p, size);
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * fuzz - what a fuzz target gives: one function that takes any bytes, and stops the program where a promise breaks.
 *
 * Layer: tests.  Threads: one.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* libFuzzer's name for it. Always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise: stops the program when it does not hold, in every build. */
#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

#endif

/* SPDX-License-Identifier: MIT
 *
 * attr - the few compiler extensions that this code allows itself, each behind a word.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

/* The result must be looked at. */
#define NODISCARD __attribute__((warn_unused_result))

/* The format string is parameter `fmt` (counted from 1), its values start at parameter `first`. */
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))

/* Runs fn(&variable) when the variable's scope is left, in whatever way. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* The pointer's value; the pointer itself becomes NULL, so that its CLEANUP does nothing. */
#define TAKE(pointer)                                                                              \
	__extension__({                                                                            \
		__typeof__(pointer) taken_ = (pointer);                                            \
		(pointer) = NULL;                                                                  \
		taken_;                                                                            \
	})

/* How many elements an array has. */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif

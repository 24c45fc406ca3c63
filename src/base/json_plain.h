/* SPDX-License-Identifier: MIT
 *
 * json_plain - how much of a string stands in JSON as it is; eight bytes at a time, for the reader and the writer.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_JSON_PLAIN_H
#define BASE_JSON_PLAIN_H

#include <stdint.h>

#include "base/str.h"

/* True when one of the eight bytes is 0. */
static inline bool json_plain_has_zero(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return ((eight - ones) & ~eight & (ones << 7)) != 0;
}

/* The bytes at the front of s before the first `"`, `\` or control character (RFC 8259 section 7). */
static inline size_t json_plain_count(struct str s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t n = 0;

	for (; s.n - n >= sizeof(uint64_t); n += sizeof(uint64_t)) {
		uint64_t eight;
		memcpy(&eight, s.p + n, sizeof eight);
		if (json_plain_has_zero(eight ^ ones * '"') ||
			json_plain_has_zero(eight ^ ones * '\\') ||
			json_plain_has_zero(eight & ones * 0xe0))
			break;
	}
	while (n < s.n && s.p[n] != '"' && s.p[n] != '\\' && (unsigned char)s.p[n] >= 0x20)
		n++;
	return n;
}

#endif

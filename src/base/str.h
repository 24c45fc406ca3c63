/* SPDX-License-Identifier: MIT
 *
 * str - a borrowed run of bytes: pointer and length, not NUL-terminated, not owned.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *p; /* may be NULL when n is 0 */
	size_t n;      /* bytes */
};

/* A string literal as a str, without counting at run time. */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })

/* For printf: printf(STR_FMT, STR_ARG(s)). */
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p

/* A NUL-terminated string as a str; NULL gives the empty one. */
static inline struct str str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* What is left after the first n bytes; n is at most s.n. */
static inline struct str str_after(struct str s, size_t n)
{
	return (struct str){ s.n ? s.p + n : s.p, s.n - n };
}

/* s without spaces and tabs around it. */
static inline struct str str_trim(struct str s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_after(s, 1);
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

#endif

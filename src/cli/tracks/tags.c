/* SPDX-License-Identifier: MIT
 *
 * tags - see tags.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/tracks/tags.h"

#include <sysexits.h>

int tags_read(struct cli *c, const char *text, struct antiphon_texts *out)
{
	struct str rest = str_of(text);
	const char **v =
		arena_array(&c->arena, rest.n + 1, sizeof *v); /* never more than characters */
	size_t n = 0;

	while (v && rest.n) {
		const char *comma = memchr(rest.p, ',', rest.n);
		struct str one = { rest.p, comma ? (size_t)(comma - rest.p) : rest.n };
		if (one.n)
			v[n++] = arena_dup(&c->arena, one).p;
		rest = str_after(rest, one.n + (comma != NULL));
	}
	if (!v)
		return cli_no_memory(c);
	*out = (struct antiphon_texts){ v, n };
	return EX_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * clean - see clean.h.
 *
 * Layer: cli.  Threads: any.
 */
#include "cli/chat/clean.h"

#include <wchar.h>

#include "base/text.h"
#include "cli/print.h"

enum { MARKS_MAX = 3 }; /* on one letter: a cell of the screen holds no more */

/* What takes no place and would make terminals and us count differently: joiners, variants, tags. */
static bool is_invisible(int32_t c)
{
	return (c >= 0x200b && c <= 0x200d) || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff ||
	       (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0000 && c <= 0xe0fff);
}

struct str chat_clean(struct arena *a, struct str text, bool keep_lines)
{
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0, marks = MARKS_MAX; /* a mark without a letter goes */

	if (!out || !text_is_utf8(text))
		return STR("?");
	while (text.n) {
		struct str before = text;
		int32_t c = text_next(&text);
		int width = wcwidth((wchar_t)c);
		bool space = c == '\n' || c == '\t', harmful = !space && print_is_harmful(c);
		bool mark = width == 0 && !space && !harmful;
		if (is_invisible(c) || (mark && marks >= MARKS_MAX))
			continue;
		marks = mark ? marks + 1 : 0;
		if (space)
			out[n++] = c == '\n' && keep_lines ? '\n' : ' ';
		else if (width < 0 || harmful)
			out[n++] = '?';
		else
			for (size_t i = 0; i < before.n - text.n; i++)
				out[n++] = before.p[i];
	}
	return (struct str){ out, n };
}

size_t chat_clean_line(struct str text, size_t columns, size_t *used)
{
	struct str rest = text;
	size_t width = 0, space = 0;

	while (rest.n) {
		size_t at = text.n - rest.n;
		int32_t c = text_next(&rest);
		int w = c == '\n' ? 0 : wcwidth((wchar_t)c);
		bool full = at > 0 && width + (size_t)(w > 0 ? w : 0) > columns;
		size_t end = full && c != ' ' && w < 2 && space ? space : at;
		if (full || c == '\n') {
			*used = end + (text.p[end] == ' ' || text.p[end] == '\n');
			return end;
		}
		if (c == ' ' && at > 0)
			space = at;
		width += (size_t)(w > 0 ? w : 0);
	}
	*used = text.n;
	return text.n;
}

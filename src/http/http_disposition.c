/* SPDX-License-Identifier: MIT
 *
 * http_disposition - see http_disposition.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_disposition.h"

#include <stdbool.h>

#include "base/text.h"
#include "http/http_query.h"

static bool is_unsafe(unsigned char c)
{
	return c < ' ' || c == 0x7f || c == '/' || c == '\\';
}

/* True when the quoted form says all: neither '"' nor '%' (which some browsers decode) nor beyond
 * ASCII. */
static bool append_plain(struct buf *b, struct str name)
{
	bool whole = true;

	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		bool kept = c < 0x80 && c != '"' && c != '%';
		whole = whole && kept;
		if ((c & 0xc0) == 0x80)
			continue; /* one '_' a character, not a byte */
		buf_byte(b, kept && !is_unsafe(c) ? name.p[i] : '_');
	}
	return whole;
}

/* A name is one line that reads in one direction: "gpj.exe" must not look like "exe.jpg". */
static void append_extended(struct buf *b, struct str name)
{
	while (name.n) {
		struct str rest = name;
		int32_t c = text_next(&rest);
		size_t n = c < 0 ? 1 : name.n - rest.n; /* what is not UTF-8 goes byte by byte */
		struct str character = { name.p, n };
		bool unsafe = c >= 0 && ((c < 0x80 && is_unsafe((unsigned char)c)) ||
						!text_is_line(character));
		http_query_encode(b, unsafe ? STR("_") : character);
		name = str_after(name, n);
	}
}

void http_disposition_write(struct buf *b, enum http_disposition_kind kind, struct str name)
{
	buf_append(b, kind == HTTP_DISPOSITION_INLINE ? STR("inline") : STR("attachment"));
	if (name.n == 0)
		return;
	buf_append(b, STR("; filename=\""));
	bool whole = append_plain(b, name);
	buf_byte(b, '"');
	if (whole)
		return;
	buf_append(b, STR("; filename*=UTF-8''"));
	append_extended(b, name);
}

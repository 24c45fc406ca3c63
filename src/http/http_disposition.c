/* SPDX-License-Identifier: MIT
 *
 * http_disposition - see http_disposition.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_disposition.h"

#include <stdbool.h>

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

static void append_extended(struct buf *b, struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		bool unsafe = is_unsafe((unsigned char)name.p[i]);
		http_query_encode(b, unsafe ? STR("_") : (struct str){ name.p + i, 1 });
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

/* SPDX-License-Identifier: MIT
 *
 * search_scope - the words of a scope, see search.h: each has the scope's code before it.
 *
 * The code is as long for every scope, so no word of one begins like a word of another.
 *
 * Layer: store.  Threads: any.
 */
#include "base/buf.h"
#include "store/search.h"

enum { CODE_BASE = 36 };

static enum err code_of(int64_t scope, char out[SEARCH_CODE_CHARS])
{
	for (int i = SEARCH_CODE_CHARS - 1; i >= 0; i--) {
		out[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[scope % CODE_BASE];
		scope /= CODE_BASE;
	}
	return scope ? ERR_TOO_LARGE : ERR_OK;
}

static bool is_of_word(char c)
{
	return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Copies text; each run of characters of words gets the code before it. */
static void put_coded(struct buf *b, const char code[SEARCH_CODE_CHARS], struct str text)
{
	bool inside = false;

	for (size_t i = 0; i < text.n; i++) {
		bool word = is_of_word(text.p[i]);
		if (word && !inside)
			buf_append(b, (struct str){ code, SEARCH_CODE_CHARS });
		buf_byte(b, text.p[i]);
		inside = word;
	}
}

/* A query: only what is quoted is words. */
static void put_coded_query(struct buf *b, const char code[SEARCH_CODE_CHARS], struct str query)
{
	while (query.n) {
		const char *open = memchr(query.p, '"', query.n);
		size_t before = open ? (size_t)(open - query.p) + 1 : query.n;
		buf_append(b, (struct str){ query.p, before });
		query = str_after(query, before);
		const char *close = memchr(query.p, '"', query.n);
		if (!open || !close)
			continue;
		size_t quoted = (size_t)(close - query.p);
		put_coded(b, code, (struct str){ query.p, quoted });
		buf_byte(b, '"');
		query = str_after(query, quoted + 1);
	}
}

static enum err to_arena(const struct buf *b, struct arena *a, struct str *out)
{
	struct str copy = buf_failed(b) ? (struct str){ NULL, 0 } : arena_dup(a, buf_str(b));

	if (!copy.p)
		return ERR_NOMEM;
	*out = copy;
	return ERR_OK;
}

enum err search_scope_words(int64_t scope, struct str words, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	char code[SEARCH_CODE_CHARS];
	enum err e = code_of(scope, code);

	if (e)
		return e;
	put_coded(&b, code, words);
	return to_arena(&b, a, out);
}

enum err search_scope_query(
	const int64_t *scopes, size_t count, struct str query, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	char code[SEARCH_CODE_CHARS];

	for (size_t i = 0; i < count; i++) {
		enum err e = code_of(scopes[i], code);
		if (e)
			return e;
		buf_append(&b, i ? STR(" OR (") : STR("("));
		put_coded_query(&b, code, query);
		buf_byte(&b, ')');
	}
	return to_arena(&b, a, out);
}

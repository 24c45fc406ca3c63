/* SPDX-License-Identifier: MIT
 *
 * search - see search.h.
 *
 * Layer: store.  Threads: any.
 */
#include "store/search.h"

#include "base/buf.h"
#include "base/text.h"

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	}
	return true;
}

/* Calls for each code point of the folded text; `open` says whether the output is inside a word or phrase. */
static void put_words(struct buf *b, struct str folded)
{
	bool inside = false;

	while (folded.n) {
		struct str before = folded;
		int32_t c = text_next(&folded);
		if (c < 0)
			return;
		bool cjk = text_is_cjk(c);
		bool word = cjk || text_is_word(c);
		if (word && (cjk || !inside))
			buf_byte(b, ' ');
		if (word)
			buf_append(b, (struct str){ before.p, before.n - folded.n });
		inside = word && !cjk;
	}
}

static enum err buf_to_arena(struct buf *b, struct arena *a, struct str *out)
{
	if (buf_failed(b))
		return ERR_NOMEM;
	struct str copy = arena_dup(a, buf_str(b));
	if (!copy.p)
		return ERR_NOMEM;
	*out = copy;
	return ERR_OK;
}

enum err search_words(struct str text, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct str folded;

	if (is_ascii(text)) {
		*out = text; /* the index's tokenizer folds and splits ASCII in the same way */
		return ERR_OK;
	}
	enum err e = text_fold(text, a, &folded);
	if (e == ERR_BAD_REQUEST) {
		*out = STR("");
		return ERR_OK;
	}
	if (e)
		return e;
	put_words(&b, folded);
	return buf_to_arena(&b, a, out);
}

/* Each run of word characters becomes one quoted phrase: "word" or "東 京". Returns how many there were. */
static size_t put_phrases(struct buf *b, struct str folded)
{
	size_t phrases = 0;
	bool inside = false, after_cjk = false;

	while (folded.n) {
		struct str before = folded;
		int32_t c = text_next(&folded);
		if (c < 0)
			break;
		bool cjk = text_is_cjk(c);
		bool word = cjk || text_is_word(c);
		if (!word && inside)
			buf_byte(b, '"');
		if (word && !inside) {
			buf_append(b, phrases++ ? STR(" AND \"") : STR("\""));
		} else if (word && (cjk || after_cjk)) {
			buf_byte(b, ' ');
		}
		if (word)
			buf_append(b, (struct str){ before.p, before.n - folded.n });
		inside = word;
		after_cjk = cjk;
	}
	if (inside)
		buf_byte(b, '"');
	return phrases;
}

enum err search_query(struct str typed, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct str folded;
	enum err e = text_fold(typed, a, &folded);

	if (e)
		return e;
	if (put_phrases(&b, folded) == 0 && !buf_failed(&b))
		return ERR_BAD_REQUEST;
	buf_byte(&b, '*');
	return buf_to_arena(&b, a, out);
}

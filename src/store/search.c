/* SPDX-License-Identifier: MIT
 *
 * search - see search.h.
 *
 * Layer: store.  Threads: any.
 */
#include "store/search.h"

#include <string.h>

#include "base/buf.h"
#include "base/fold/fold.h"
#include "base/text.h"

enum { JOINED_MAX = 24, JOINED_PARTS_MAX = 8 };

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	}
	return true;
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

/* The words of folded text, with a space before each. */
static void put_words(struct buf *b, struct str folded)
{
	enum fold_kind before = FOLD_NONE;

	while (folded.n) {
		struct str rest = folded;
		int32_t c = text_next(&folded);
		if (c < 0)
			return;
		enum fold_kind kind = fold_kind(c);
		if (kind != FOLD_NONE && (kind == FOLD_SINGLE || before != FOLD_WORD))
			buf_byte(b, ' ');
		if (kind != FOLD_NONE)
			buf_append(b, (struct str){ rest.p, rest.n - folded.n });
		before = kind;
	}
}

/* What may stand within a name that is typed without it: AC/DC, k.d. lang, don't. P!nk and A$AP are typed with a letter there. */
static bool is_joiner(int32_t c, struct str *letter)
{
	enum { APOSTROPHE = 0x2019 };

	*letter = c == '!' ? STR("i") : c == '$' ? STR("s") : STR("");
	return c == APOSTROPHE || (c && c < 0x80 && strchr("!$&'+-./", c) != NULL);
}

/* Parts of words that single joiners hold together, as one word. */
struct joined {
	struct buf text, pending;
	size_t parts;
	bool inside, failed;
};

static void joined_end(struct joined *j, struct buf *b)
{
	if (j->parts > 1 && j->parts <= JOINED_PARTS_MAX && j->text.n <= JOINED_MAX) {
		buf_byte(b, ' ');
		buf_append(b, buf_str(&j->text));
	}
	j->failed = j->failed || buf_failed(&j->text) || buf_failed(&j->pending);
	buf_clear(&j->text);
	buf_clear(&j->pending);
	j->parts = 0;
	j->inside = false;
}

static void joined_take(struct joined *j, struct buf *b, int32_t c, struct str bytes)
{
	struct str letter;

	if (fold_kind(c) == FOLD_WORD) {
		if (!j->inside)
			j->parts++;
		buf_append(&j->text, buf_str(&j->pending));
		buf_clear(&j->pending);
		if (j->text.n <= JOINED_MAX)
			buf_append(&j->text, bytes);
		j->inside = true;
	} else if (is_joiner(c, &letter) && j->inside) {
		buf_append(&j->pending, letter);
		j->inside = false;
	} else {
		joined_end(j, b);
	}
}

static enum err put_joined(struct buf *b, struct str folded)
{
	struct joined j = { .parts = 0 };

	while (folded.n) {
		struct str rest = folded;
		int32_t c = text_next(&folded);
		if (c < 0)
			break;
		joined_take(&j, b, c, (struct str){ rest.p, rest.n - folded.n });
	}
	joined_end(&j, b);
	buf_done(&j.text);
	buf_done(&j.pending);
	return j.failed ? ERR_NOMEM : ERR_OK;
}

/* Whether ASCII text has something to join. */
static bool has_joiner(struct str s)
{
	struct str letter;

	for (size_t i = 1; i + 1 < s.n; i++) {
		if (is_joiner((unsigned char)s.p[i], &letter) &&
			fold_kind((unsigned char)s.p[i - 1]) == FOLD_WORD &&
			fold_kind((unsigned char)s.p[i + 1]) == FOLD_WORD)
			return true;
	}
	return false;
}

enum err search_words(struct str text, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct str folded = text;
	bool ascii = is_ascii(text);

	if (ascii && !has_joiner(text)) {
		*out = text; /* the index's tokenizer folds and splits ASCII in the same way */
		return ERR_OK;
	}
	enum err e = ascii ? ERR_OK : fold_text(text, a, &folded);
	if (e)
		return e;
	put_words(&b, folded);
	e = put_joined(&b, folded);
	return e ? e : buf_to_arena(&b, a, out);
}

/* Each run of word characters becomes one quoted phrase: "word" or "東 京". Returns how many there were. */
static size_t put_phrases(struct buf *b, struct str folded)
{
	enum fold_kind before = FOLD_NONE;
	size_t phrases = 0;

	while (folded.n) {
		struct str rest = folded;
		int32_t c = text_next(&folded);
		if (c < 0)
			break;
		enum fold_kind kind = fold_kind(c);
		if (kind == FOLD_NONE && before != FOLD_NONE)
			buf_byte(b, '"');
		else if (kind != FOLD_NONE && before == FOLD_NONE)
			buf_append(b, phrases++ ? STR(" AND \"") : STR("\""));
		else if (kind != FOLD_NONE && (kind == FOLD_SINGLE || before == FOLD_SINGLE))
			buf_byte(b, ' ');
		if (kind != FOLD_NONE)
			buf_append(b, (struct str){ rest.p, rest.n - folded.n });
		before = kind;
	}
	if (before != FOLD_NONE)
		buf_byte(b, '"');
	return phrases;
}

enum err search_query(struct str typed, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct str folded;
	enum err e = fold_text(typed, a, &folded);

	if (e)
		return e;
	if (put_phrases(&b, folded) == 0 && !buf_failed(&b))
		return ERR_BAD_REQUEST;
	buf_byte(&b, '*');
	return buf_to_arena(&b, a, out);
}

enum err search_needles(struct str typed, struct arena *a, struct search_needles *out)
{
	struct str query;
	enum err e = search_query(typed, a, &query);

	*out = (struct search_needles){ .is_none = text_trim(typed).n > 0 };
	if (e)
		return e == ERR_BAD_REQUEST ? ERR_OK : e;
	out->is_none = false;
	out->v = arena_array(
		a, query.n / 2, sizeof *out->v); /* a phrase takes two quotes at least */
	if (!out->v)
		return ERR_NOMEM;
	for (const char *open; (open = memchr(query.p, '"', query.n)) != NULL;) {
		const char *close = memchr(open + 1, '"', (size_t)(query.p + query.n - open - 1));
		out->v[out->n++] = arena_printf(a, " %.*s%s", (int)(close - open - 1), open + 1,
			close[1] == '*' ? "" : " ");
		if (!out->v[out->n - 1].p)
			return ERR_NOMEM;
		query = str_after(query, (size_t)(close - query.p) + 1);
	}
	return ERR_OK;
}

bool search_needles_are_in(const struct search_needles *needles, struct str words)
{
	for (size_t i = 0; i < needles->n; i++) {
		if (!memmem(words.p, words.n, needles->v[i].p, needles->v[i].n))
			return false;
	}
	return !needles->is_none;
}

enum err search_names_query(struct str typed, struct arena *a, struct str *out)
{
	if (text_trim(typed).n == 0) {
		*out = STR("");
		return ERR_OK;
	}
	enum err e = search_query(typed, a, out);
	if (e != ERR_BAD_REQUEST)
		return e;
	*out = STR("\"\"");
	return ERR_OK;
}

enum err search_haystack(struct str text, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct str folded;
	enum err e = fold_text(text, a, &folded);

	if (e)
		return e;
	put_words(&b, folded);
	e = put_joined(&b, folded);
	buf_byte(&b, ' ');
	return e ? e : buf_to_arena(&b, a, out);
}

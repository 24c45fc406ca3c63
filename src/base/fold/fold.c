/* SPDX-License-Identifier: MIT
 *
 * fold - see fold.h. Decomposition, case folding and composition are utf8proc's.
 *
 * Layer: base.  Threads: any.
 */
#include "base/fold/fold.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/text.h"

struct range {
	int32_t first, last;
};

static bool is_in(const struct range *ranges, size_t count, int32_t c)
{
	for (size_t i = 0; i < count; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

/* Marks that do not make another letter: they go, where they are marks (category Mn or Me). */
static bool is_dropped_mark(int32_t c, int32_t base)
{
	static const struct range marks[] = {
		{ 0x0300, 0x036f }, /* combining marks of Latin, Greek, Cyrillic */
		{ 0x0483, 0x0489 }, /* Cyrillic numbers */
		{ 0x0591, 0x05c7 }, /* Hebrew points */
		{ 0x0610, 0x061a }, /* Arabic signs */
		{ 0x064b, 0x065f }, /* Arabic vowels, hamza above and below */
		{ 0x0670, 0x0670 }, /* Arabic alef above */
		{ 0x06d6, 0x06ed }, /* of the Quran */
		{ 0x0711, 0x0711 }, /* Syriac alaph above */
		{ 0x0730, 0x074a }, /* Syriac vowels */
		{ 0x08ca, 0x08ff }, /* Arabic extended */
		{ 0x1ab0, 0x1aff },
		{ 0x1dc0, 0x1dff },
		{ 0x20d0, 0x20ff },
		{ 0xfe20, 0xfe2f },
	};
	enum { BREVE = 0x0306, CYRILLIC = 0x0400, CYRILLIC_END = 0x0530 };
	utf8proc_category_t k = utf8proc_category(c);

	if (c == BREVE && base >= CYRILLIC && base < CYRILLIC_END)
		return false; /* й is a letter of its own */
	return (k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME) &&
	       is_in(marks, COUNT_OF(marks), c);
}

/* Letters that Unicode does not decompose, as they are typed without their key; NULL for all others. "" drops one. */
static const char *plain_letter(int32_t c)
{
	static const struct {
		int32_t letter;
		const char *plain;
	} letters[] = {
		{ 0x00e6, "ae" }, { 0x00f0, "d" }, { 0x00f8, "o" }, { 0x00fe, "th" },
		{ 0x0111, "d" }, { 0x0127, "h" }, { 0x0131, "i" }, { 0x0138, "k" }, { 0x0142, "l" },
		{ 0x014b, "n" }, { 0x0153, "oe" }, { 0x0167, "t" }, { 0x0180, "b" },
		{ 0x01dd, "e" }, { 0x0259, "e" }, { 0x0253, "b" }, { 0x0256, "d" }, { 0x0257, "d" },
		{ 0x0268, "i" }, { 0x0272, "n" }, { 0x0289, "u" },
		{ 0x0640, "" },         /* Arabic tatweel, which only stretches */
		{ 0x0671, "\xd8\xa7" }, /* Arabic alef wasla: alef */
	};

	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		if (letters[i].letter == c)
			return letters[i].plain;
	}
	return NULL;
}

/* utf8proc's map into a buffer of ours. ERR_BAD_REQUEST when nothing is left. */
static enum err map(struct str s, int options, struct buf *out)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n,
		&mapped, (utf8proc_option_t)options);

	if (n > 0)
		buf_append(out, (struct str){ (const char *)mapped, (size_t)n });
	free(mapped);
	if (n == UTF8PROC_ERROR_NOMEM || buf_failed(out))
		return ERR_NOMEM;
	return n > 0 ? ERR_OK : ERR_BAD_REQUEST;
}

static void drop_marks(struct str s, struct buf *out)
{
	int32_t base = 0;

	while (s.n) {
		struct str before = s;
		int32_t c = text_next(&s);
		if (c < 0)
			return;
		if (is_dropped_mark(c, base))
			continue;
		const char *plain = plain_letter(c);
		buf_append(out, plain ? str_of(plain) : (struct str){ before.p, before.n - s.n });
		base = c;
	}
}

static enum err fold_all(struct str s, struct buf *decomposed, struct buf *plain, struct buf *out)
{
	enum err e = map(s,
		UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
			UTF8PROC_IGNORE,
		decomposed);

	if (e)
		return e;
	drop_marks(buf_str(decomposed), plain);
	if (buf_failed(plain))
		return ERR_NOMEM;
	if (!plain->n)
		return ERR_BAD_REQUEST;
	return map(buf_str(plain), UTF8PROC_STABLE | UTF8PROC_COMPOSE, out);
}

enum err fold_text(struct str s, struct arena *a, struct str *out)
{
	CLEANUP(buf_done) struct buf decomposed = { 0 };
	CLEANUP(buf_done) struct buf plain = { 0 };
	CLEANUP(buf_done) struct buf folded = { 0 };
	enum err e = s.n ? fold_all(s, &decomposed, &plain, &folded) : ERR_BAD_REQUEST;

	if (e == ERR_BAD_REQUEST) {
		*out = STR("");
		return ERR_OK;
	}
	if (e)
		return e;
	struct str copy = arena_dup(a, buf_str(&folded));
	if (!copy.p)
		return ERR_NOMEM;
	*out = copy;
	return ERR_OK;
}

enum fold_kind fold_kind(int32_t code_point)
{
	static const struct range unspaced[] = {
		{ 0x0e00, 0x0eff },   /* Thai, Lao */
		{ 0x1000, 0x109f },   /* Burmese */
		{ 0x1100, 0x11ff },   /* Hangul Jamo */
		{ 0x1780, 0x17ff },   /* Khmer */
		{ 0x2e80, 0x2fdf },   /* radicals of Han */
		{ 0x3005, 0x3007 },   /* iteration mark, number zero */
		{ 0x3040, 0x30ff },   /* Hiragana, Katakana */
		{ 0x3130, 0x318f },   /* Hangul compatibility */
		{ 0x31f0, 0x31ff },   /* Katakana extensions */
		{ 0x3400, 0x4dbf },   /* Han extension A */
		{ 0x4e00, 0x9fff },   /* Han */
		{ 0xa9e0, 0xa9ff },   /* Burmese extended */
		{ 0xaa60, 0xaa7f },   /* Burmese extended */
		{ 0xac00, 0xd7af },   /* Hangul syllables */
		{ 0xf900, 0xfaff },   /* Han compatibility */
		{ 0xff66, 0xff9f },   /* half-width Katakana */
		{ 0x20000, 0x3ffff }, /* Han extensions B and on */
	};
	enum { ASCII_END = 0x80 };

	if (text_is_word(code_point))
		return code_point >= ASCII_END && is_in(unspaced, COUNT_OF(unspaced), code_point)
		               ? FOLD_SINGLE
		               : FOLD_WORD;
	if (code_point < ASCII_END)
		return FOLD_NONE;
	int kind = utf8proc_get_property(code_point)->boundclass;
	return kind == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC ||
	                       kind == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR
	               ? FOLD_SINGLE
	               : FOLD_NONE;
}

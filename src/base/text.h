/* SPDX-License-Identifier: MIT
 *
 * text - Unicode text: validity, length in code points, folding, words. UTF-8 throughout, by utf8proc.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/* True for well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). NUL is allowed here. */
bool text_is_utf8(struct str s);

/*
 * False when no bytes behind s can make it UTF-8. Otherwise *whole of its bytes are whole characters, and the rest, at
 * most 3, begins one more.
 */
bool text_utf8_so_far(struct str s, size_t *whole);

/* How many code points s has; s is UTF-8. */
size_t text_length(struct str s);

/* The first count code points of s, or all of it; s is UTF-8. */
struct str text_prefix(struct str s, size_t count);

/*
 * NFKC_Casefold of s, in the arena: what makes two names the same (Unicode 15 section 3.13, D147).
 * s is UTF-8. ERR_NOMEM; ERR_BAD_REQUEST when nothing is left (a name of ignorable characters alone).
 */
NODISCARD enum err text_fold(struct str s, struct arena *a, struct str *out);

/* Takes the next code point off s and returns it, or -1 at the end; s is UTF-8. */
int32_t text_next(struct str *s);

/* Decimal digits alone, from 1 to 18 of them, as a number; false for anything else: a sign, a space, nothing. */
bool text_digits(struct str s, int64_t *out);

/* s without white space before and behind it; s is UTF-8. */
struct str text_trim(struct str s);

/* True for text on one line: no control character, no line or paragraph separator, nothing that turns the direction; s is UTF-8. */
bool text_is_line(struct str s);

/* True when there is something to see: a character that is no space, control or mark, and is not drawn as nothing; s is UTF-8. */
bool text_is_visible(struct str s);

/*
 * What makes two names of several words, as of channels and tags, the same: as text_fold, with white space at the ends left
 * out and a run of it counted as one space.
 */
NODISCARD enum err text_fold_name(struct str s, struct arena *a, struct str *out);

/* True for a letter (with combining marks) or a decimal digit of any script. */
bool text_is_word(int32_t code_point);

/* True for a user name: letters, digits, '.', '_', '-' only; s is UTF-8, not empty. */
bool text_is_username(struct str s);

/* True for exactly one emoji: one grapheme cluster (UAX #29) that is a pictograph, a flag or a keycap; s is UTF-8. */
bool text_is_emoji(struct str s);

#endif

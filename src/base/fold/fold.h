/* SPDX-License-Identifier: MIT
 *
 * fold - the one folding of everything that is searched or looked up by typing: messages, people, groups, tracks.
 *
 * What people type with few keys finds what others wrote with many: case, width and ligatures do not count, nor do
 * marks on letters (é, ά, ё, vowel points of Arabic and Hebrew), nor strokes (đ, ł, ø); æ and œ are two letters. Vowel
 * signs and voicing marks that make another letter (Devanagari, Thai, Japanese; й) stay.
 *
 * Layer: base.  Threads: any.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

/* What a character is for the words of a text. */
enum fold_kind {
	FOLD_NONE, /* between words: spaces, punctuation, signs */
	FOLD_WORD, /* part of a word: letters, their marks, digits */
	FOLD_SINGLE, /* a word of its own: of scripts written without spaces, so that substrings are found; emoji */
};

/* Folds s, which is UTF-8, into the arena; empty when nothing is left. ERR_NOMEM. */
NODISCARD enum err fold_text(struct str s, struct arena *a, struct str *out);

/* The kind of a character of folded text. */
enum fold_kind fold_kind(int32_t code_point);

#endif

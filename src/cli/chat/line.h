/* SPDX-License-Identifier: MIT
 *
 * line - what is being typed: a text with a cursor, and the lines that were sent before.
 *
 * Knows no keyboard and no screen.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_LINE_H
#define CLI_CHAT_LINE_H

#include <stdint.h>

#include "base/arena.h"

enum {
	CHAT_LINE_MAX = 4000,   /* code points: the longest message */
	CHAT_LINE_HISTORY = 100 /* lines that are remembered */
};

struct chat_line {
	int32_t text[CHAT_LINE_MAX]; /* code points */
	size_t n, cursor;            /* cursor: before this one */
	char *sent[CHAT_LINE_HISTORY];
	size_t sent_n, at; /* at: which of them is shown; sent_n: none, what is being typed */
	char *draft;       /* what was being typed when one went back */
};

/* All zero is an empty one. */
void chat_line_done(struct chat_line *l);

/* The text as UTF-8, its beginning up to the cursor alone, or all of it. In the arena. */
struct str chat_line_text(const struct chat_line *l, struct arena *a);
struct str chat_line_before(const struct chat_line *l, struct arena *a);

/* Another text, the cursor behind it; what does not fit is left out. text is UTF-8. */
void chat_line_set(struct chat_line *l, struct str text);

/* In place of the bytes before the cursor that stand for the last `count` code points. */
void chat_line_replace(struct chat_line *l, size_t count, struct str text);

void chat_line_insert(struct chat_line *l, int32_t code_point);
void chat_line_backspace(struct chat_line *l);
void chat_line_delete(struct chat_line *l);
void chat_line_left(struct chat_line *l);
void chat_line_right(struct chat_line *l);
void chat_line_home(struct chat_line *l);
void chat_line_end(struct chat_line *l);
void chat_line_kill_word(struct chat_line *l);   /* the one before the cursor */
void chat_line_kill_before(struct chat_line *l); /* all before the cursor */
void chat_line_kill_after(struct chat_line *l);  /* the cursor and all behind it */

/* It was sent: remembered, then empty. */
void chat_line_sent(struct chat_line *l);

/* Back to what was sent before, and forth again to what is being typed. */
void chat_line_earlier(struct chat_line *l);
void chat_line_later(struct chat_line *l);

#endif

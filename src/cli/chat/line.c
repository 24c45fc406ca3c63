/* SPDX-License-Identifier: MIT
 *
 * line - see line.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/line.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/buf.h"
#include "base/text.h"

static void append_utf8(struct buf *b, int32_t c)
{
	if (c < 0x80) {
		buf_byte(b, (char)c);
	} else if (c < 0x800) {
		buf_byte(b, (char)(0xc0 | c >> 6));
		buf_byte(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_byte(b, (char)(0xe0 | c >> 12));
		buf_byte(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_byte(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_byte(b, (char)(0xf0 | c >> 18));
		buf_byte(b, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_byte(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_byte(b, (char)(0x80 | (c & 0x3f)));
	}
}

static struct str as_text(const int32_t *v, size_t n, struct arena *a)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < n; i++)
		append_utf8(&b, v[i]);
	struct str text = arena_dup(a, buf_failed(&b) ? STR("") : buf_str(&b));
	buf_done(&b);
	return text;
}

struct str chat_line_text(const struct chat_line *l, struct arena *a)
{
	return as_text(l->text, l->n, a);
}

struct str chat_line_before(const struct chat_line *l, struct arena *a)
{
	return as_text(l->text, l->cursor, a);
}

void chat_line_done(struct chat_line *l)
{
	for (size_t i = 0; i < l->sent_n; i++)
		free(l->sent[i]);
	free(l->draft);
}

void chat_line_insert(struct chat_line *l, int32_t code_point)
{
	if (l->n == CHAT_LINE_MAX)
		return;
	memmove(l->text + l->cursor + 1, l->text + l->cursor, (l->n - l->cursor) * sizeof *l->text);
	l->text[l->cursor++] = code_point;
	l->n++;
}

void chat_line_set(struct chat_line *l, struct str text)
{
	l->n = l->cursor = 0;
	while (text.n)
		chat_line_insert(l, text_next(&text));
}

/* Takes out those from `from` to the cursor. */
static void cut(struct chat_line *l, size_t from)
{
	memmove(l->text + from, l->text + l->cursor, (l->n - l->cursor) * sizeof *l->text);
	l->n -= l->cursor - from;
	l->cursor = from;
}

void chat_line_replace(struct chat_line *l, size_t count, struct str text)
{
	cut(l, count < l->cursor ? l->cursor - count : 0);
	while (text.n)
		chat_line_insert(l, text_next(&text));
}

/* A mark belongs to the letter before it. */
static bool is_mark(const struct chat_line *l, size_t at)
{
	return at > 0 && at < l->n && wcwidth((wchar_t)l->text[at]) == 0 && l->text[at] != '\n';
}

void chat_line_left(struct chat_line *l)
{
	do
		l->cursor -= l->cursor > 0;
	while (is_mark(l, l->cursor));
}

void chat_line_right(struct chat_line *l)
{
	do
		l->cursor += l->cursor < l->n;
	while (is_mark(l, l->cursor));
}

void chat_line_home(struct chat_line *l)
{
	l->cursor = 0;
}

void chat_line_end(struct chat_line *l)
{
	l->cursor = l->n;
}

void chat_line_backspace(struct chat_line *l)
{
	if (l->cursor)
		cut(l, l->cursor - 1);
}

void chat_line_delete(struct chat_line *l)
{
	size_t from = l->cursor;

	chat_line_right(l);
	cut(l, from);
}

void chat_line_kill_word(struct chat_line *l)
{
	size_t from = l->cursor;

	while (from > 0 && l->text[from - 1] == ' ')
		from--;
	while (from > 0 && l->text[from - 1] != ' ')
		from--;
	cut(l, from);
}

void chat_line_kill_before(struct chat_line *l)
{
	cut(l, 0);
}

void chat_line_kill_after(struct chat_line *l)
{
	l->n = l->cursor;
}

/* The text as it is, on the heap; NULL without memory. */
static char *copy(const struct chat_line *l)
{
	struct arena a = { 0 };
	struct str text = chat_line_text(l, &a);
	char *out = text.p ? strdup(text.p) : NULL;

	arena_done(&a);
	return out;
}

void chat_line_sent(struct chat_line *l)
{
	char *text = copy(l);
	bool again = text && l->sent_n && strcmp(l->sent[l->sent_n - 1], text) == 0;

	if (text && l->sent_n == CHAT_LINE_HISTORY && !again) {
		free(l->sent[0]);
		memmove(l->sent, l->sent + 1, (CHAT_LINE_HISTORY - 1) * sizeof *l->sent);
		l->sent_n--;
	}
	if (text && !again)
		l->sent[l->sent_n++] = text;
	else
		free(text);
	free(l->draft);
	l->draft = NULL;
	l->at = l->sent_n;
	l->n = l->cursor = 0;
}

void chat_line_earlier(struct chat_line *l)
{
	if (!l->at)
		return;
	if (l->at == l->sent_n) {
		free(l->draft);
		l->draft = copy(l);
	}
	chat_line_set(l, str_of(l->sent[--l->at]));
}

void chat_line_later(struct chat_line *l)
{
	if (l->at >= l->sent_n)
		return;
	l->at++;
	chat_line_set(l, str_of(l->at < l->sent_n ? l->sent[l->at] : l->draft));
}

/* SPDX-License-Identifier: MIT
 *
 * print - see print.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/print.h"

#include <inttypes.h>
#include <time.h>
#include <wchar.h>

#include "base/date.h"
#include "base/text.h"

static const char bold[] = "\x1b[1m", plain[] = "\x1b[0m";

bool print_is_harmful(int32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ||
	       code_point == 0x061c ||
	       (code_point >= 0x200e && code_point <= 0x200f) || /* marks of direction */
	       (code_point >= 0x2028 &&
		       code_point <= 0x202e) || /* line ends, overrides of direction */
	       (code_point >= 0x2066 && code_point <= 0x2069); /* isolates */
}

struct str print_harmless(struct cli *c, struct str text, bool keep_lines)
{
	char *out = arena_alloc(&c->arena, text.n + 1);
	size_t n = 0;

	if (!out || !text_is_utf8(text))
		return STR("?");
	while (text.n) {
		struct str before = text;
		int32_t code_point = text_next(&text);
		size_t bytes = before.n - text.n;
		if (code_point == '\n' || code_point == '\t')
			out[n++] = keep_lines ? (char)code_point : ' ';
		else if (print_is_harmful(code_point))
			out[n++] = '?';
		else {
			memcpy(out + n, before.p, bytes);
			n += bytes;
		}
	}
	return (struct str){ out, n };
}

size_t print_width(struct str text)
{
	size_t columns = 0;

	while (text.n) {
		int width = wcwidth((wchar_t)text_next(&text));
		columns += width > 0 ? (size_t)width : 0;
	}
	return columns;
}

struct str print_fit(struct cli *c, struct str text, size_t columns)
{
	struct str rest = text;
	size_t used = 0, n = 0;

	if (print_width(text) <= columns)
		return text;
	while (rest.n) {
		struct str before = rest;
		(void)text_next(&rest);
		used += print_width((struct str){ before.p, before.n - rest.n });
		if (used + 1 > columns)
			break;
		n = text.n - rest.n;
	}
	return arena_printf(&c->arena, STR_FMT "…", (int)n, text.p);
}

void print_text(struct cli *c, struct str text)
{
	struct str safe = print_harmless(c, text, true);

	fwrite(safe.p, 1, safe.n, c->out);
}

void print_field(struct cli *c, const char *label, struct str text)
{
	if (!text.n)
		return;
	fprintf(c->out, "%s%-10s%s  ", c->colour ? bold : "", label, c->colour ? plain : "");
	print_text(c, text);
	fputc('\n', c->out);
}

struct str print_date(struct cli *c, struct str date)
{
	int64_t ms;
	struct tm local;
	char text[32];

	if (date_parse(date, &ms))
		return date;
	time_t seconds = (time_t)(ms / 1000);
	if (!localtime_r(&seconds, &local))
		return date;
	size_t n = strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
	return arena_dup(&c->arena, (struct str){ text, n });
}

struct str print_duration(struct cli *c, int64_t ms)
{
	int64_t s = ms / 1000;

	if (ms < 0)
		return STR("");
	if (s >= 3600)
		return arena_printf(&c->arena, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600,
			s / 60 % 60, s % 60);
	return arena_printf(&c->arena, "%" PRId64 ":%02" PRId64, s / 60, s % 60);
}

struct print_table print_table_of(struct cli *c, size_t columns)
{
	return (struct print_table){ .c = c, .columns = columns };
}

/* Twice the room, in the arena. */
static bool grow(struct print_table *t)
{
	size_t cap = t->cap ? t->cap * 2 : 64;
	struct str *cells = arena_array(&t->c->arena, cap * t->columns, sizeof *cells);

	if (!cells)
		return false;
	if (t->n)
		memcpy(cells, t->cells, t->n * t->columns * sizeof *cells);
	t->cells = cells;
	t->cap = cap;
	return true;
}

void print_table_add(struct print_table *t, const struct str *cells)
{
	if (t->failed || (t->n == t->cap && !grow(t))) {
		t->failed = true;
		return;
	}
	for (size_t i = 0; i < t->columns; i++)
		t->cells[t->n * t->columns + i] = print_harmless(t->c, cells[i], false);
	t->n++;
}

static void print_line(const struct print_table *t, const struct str *cells, const size_t *widths)
{
	size_t filled = t->columns; /* no spaces behind the last cell that says something */

	while (filled > 0 && !cells[filled - 1].n)
		filled--;
	for (size_t i = 0; i < filled; i++) {
		bool shown = i == 0 && t->c->colour;
		size_t width = print_width(cells[i]);
		fprintf(t->c->out, "%s" STR_FMT "%s", shown ? bold : "", STR_ARG(cells[i]),
			shown ? plain : "");
		for (; i + 1 < filled && width < widths[i] + 2; width++)
			fputc(' ', t->c->out);
	}
	fputc('\n', t->c->out);
}

int print_table_end(struct print_table *t)
{
	size_t widths[PRINT_COLUMNS_MAX] = { 0 };

	if (t->failed)
		return cli_no_memory(t->c);
	for (size_t i = 0; i < t->n * t->columns; i++) {
		size_t width = print_width(t->cells[i]);
		if (width > widths[i % t->columns])
			widths[i % t->columns] = width;
	}
	for (size_t i = 0; i < t->n; i++)
		print_line(t, t->cells + i * t->columns, widths);
	return 0;
}

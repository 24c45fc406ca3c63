/* SPDX-License-Identifier: MIT
 *
 * print - what a command prints: text that strangers wrote made harmless, columns, dates, bold where it helps.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdint.h>

#include "cli/cli.h"

enum { PRINT_COLUMNS_MAX = 8 };

/* Lines of columns, each as wide as its widest cell. */
struct print_table {
	struct cli *c;
	size_t columns, n, cap;
	struct str *cells; /* n lines of `columns` cells each, in c's arena */
	bool failed;       /* for lack of memory */
};

/*
 * The text with every control character, and every mark that turns the direction of writing, as '?': no terminal
 * does what a stranger says. New lines and tabs become spaces unless they are kept. In the arena.
 */
struct str print_harmless(struct cli *c, struct str text, bool keep_lines);

/* True for a control character, and for a mark that turns the direction of writing. */
bool print_is_harmful(int32_t code_point);

/* How many columns of a terminal a harmless text takes; wide characters take two, marks none. */
size_t print_width(struct str text);

/* The text, or its beginning and an ellipsis, so that it takes at most so many columns. In the arena. */
struct str print_fit(struct cli *c, struct str text, size_t columns);

/* Prints the text harmless; keeps its lines. */
void print_text(struct cli *c, struct str text);

/* A label in bold, where there is colour, and its text: "Title  On the road". Nothing for an empty text. */
void print_field(struct cli *c, const char *label, struct str text);

/* "2026-11-22 09:01" in local time, of a date as it travels; the text itself when it is none. In the arena. */
struct str print_date(struct cli *c, struct str date);

/* "3:07" or "1:02:03". In the arena; empty for what is negative. */
struct str print_duration(struct cli *c, int64_t ms);

struct print_table print_table_of(struct cli *c, size_t columns);

/* The next line: `columns` cells, which are copied and made harmless. */
void print_table_add(struct print_table *t, const struct str *cells);

/* Prints it; the first column in bold where there is colour. */
int print_table_end(struct print_table *t);

#endif

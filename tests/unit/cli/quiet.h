/* SPDX-License-Identifier: MIT
 *
 * quiet - a struct cli that prints into memory.
 *
 * Layer: tests.  Threads: one.
 */
#ifndef UNIT_CLI_QUIET_H
#define UNIT_CLI_QUIET_H

#include "../cmocka_all.h"

#include <stdlib.h>
#include <sysexits.h>

#include "cli/parse.h"

enum { QUIET_WORDS_MAX = 8 };

struct quiet {
	struct cli c;
	char *out, *err;
	size_t out_n, err_n;
};

/* Reads these words, which end with NULL, as behind "antiphon"; the exit code. quiet_end afterwards. */
static inline int quiet_begin(struct quiet *q, const char *const *words)
{
	static char program[] = "antiphon";
	char *argv[QUIET_WORDS_MAX + 2] = { program };
	int argc = 1;

	*q = (struct quiet){ 0 };
	for (; words[argc - 1]; argc++)
		memcpy(&argv[argc], &words[argc - 1],
			sizeof argv[0]); /* which takes const away; nothing is written there */
	cli_init(&q->c, open_memstream(&q->out, &q->out_n), open_memstream(&q->err, &q->err_n),
		false);
	return parse_command_line(&q->c, argc, argv);
}

/* What was printed is then in out and err. */
static inline void quiet_flush(struct quiet *q)
{
	fflush(q->c.out);
	fflush(q->c.err);
}

static inline void quiet_end(struct quiet *q)
{
	fclose(q->c.out);
	fclose(q->c.err);
	free(q->out);
	free(q->err);
	cli_done(&q->c);
}

#endif

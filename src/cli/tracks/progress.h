/* SPDX-License-Identifier: MIT
 *
 * progress - how a transfer goes, on standard error: a bar with speed and time left on a terminal, now and then a
 * plain line elsewhere. A transfer that is short says nothing in a pipe.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cli.h"

struct progress {
	struct cli *c;
	struct str name; /* what is shown of the file */
	bool bar;        /* on a terminal */
	bool shown;
	int64_t begun_ms, told_ms; /* when the first step came; when something was shown last */
	int64_t begun_bytes;       /* what was there at the first step: not of this run */
	int64_t done, total;
};

/* Bytes that are there of all, and how fast they come. */
struct progress_state {
	int64_t done, total;
	int64_t rate; /* bytes a second; 0: not known */
};

/* name: a file's, as it may be printed; it must outlive p. */
struct progress progress_of(struct cli *c, struct str name);

/* An antiphon_progress_fn; context is a struct progress. */
bool progress_step(void *context, int64_t done_bytes, int64_t total_bytes);

/* Takes the bar off the screen. */
void progress_end(struct progress *p);

/* The bar, in so many columns; columns 0: the plain line. In the arena. */
struct str progress_line(
	struct cli *c, struct str name, const struct progress_state *s, size_t columns);

#endif

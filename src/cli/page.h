/* SPDX-License-Identifier: MIT
 *
 * page - answers that come in pages, fetched until there are enough.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "cli/session.h"

struct page {
	const char *ns, *event;
	const char *list; /* the member that holds the elements */
	int64_t limit;    /* at most so many elements; 0: all there are */
};

/* The JSON array of what was found, in the arena. request: an object that has been begun; it is ended and freed. */
int page_collect(
	struct cli *c, const struct page *p, struct session_json *request, struct str *out);

/* With --json: prints { list: [ … ] } on one line, and returns true. */
bool page_print_json(struct cli *c, const struct page *p, struct str list);

#endif

/* SPDX-License-Identifier: MIT
 *
 * page - where an answer stops, and how the next one goes on: cursors, and the room that ANSWER_BYTES_MAX leaves.
 *
 * Layer: accounts.  Threads: any.
 */
#ifndef ACCOUNTS_PAGE_H
#define ACCOUNTS_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/str.h"

struct tx;

/* The place of the last thing of a page. What a list sorts by decides what is in it. */
struct page_cursor {
	char kind; /* of the list: a cursor of another one is refused */
	int64_t a, b;
	struct str text; /* at most PAGE_TEXT_MAX bytes */
};

enum { PAGE_TEXT_MAX = 128, PAGE_DEFAULT = 50 };

/* As opaque text in the arena. p is NULL without memory. */
struct str page_write(const struct page_cursor *c, struct arena *a);

/* Refuses with ERR_BAD_REQUEST what is no cursor of this kind. ERR_NOMEM. */
NODISCARD enum err page_read(
	struct tx *tx, struct str text, char kind, struct arena *a, struct page_cursor *out);

/* What is left of an answer, bytes of JSON. */
struct page_room {
	size_t left;
};

struct page_room page_room_new(void);

/* Takes n bytes; false when they do not fit: then the answer stops. */
bool page_room_take(struct page_room *room, size_t n);

/* How long s is as a JSON string, at most. */
size_t page_text(struct str s);

#endif

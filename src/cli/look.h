/* SPDX-License-Identifier: MIT
 *
 * look - values out of JSON text, by name. What is not there, or is malformed, is the empty text, 0 or false:
 * answers of a server are shown as far as they go.
 *
 * Layer: cli.  Threads: any; works on what it is given.
 */
#ifndef CLI_LOOK_H
#define CLI_LOOK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/json_read.h"

/* The JSON text of a member; path: names with dots between them, "rating.average". Borrowed from object. */
struct str look_raw(struct str object, const char *path, struct arena *a);

/* A member that is a string, its escapes resolved; empty for null. Borrowed, or in the arena. */
struct str look_text(struct str object, const char *path, struct arena *a);

int64_t look_int(struct str object, const char *path, struct arena *a);
double look_double(struct str object, const char *path, struct arena *a);
bool look_bool(struct str object, const char *path, struct arena *a);

/* True when the member is there and not null. */
bool look_has(struct str object, const char *path, struct arena *a);

/* A walk through the elements of an array, or the members of an object. */
struct look_walk {
	struct json_reader r;
	bool done;
};

struct look_walk look_array(struct str array);
bool look_next(struct look_walk *w, struct str *element); /* false at the end */

struct look_walk look_object(struct str object);
bool look_next_member(struct look_walk *w, struct arena *a, struct str *name, struct str *value);

/* True when the whole text is one JSON value. */
bool look_is_json(struct str text);

#endif

/* SPDX-License-Identifier: MIT
 *
 * schema_encode - from a payload's struct to JSON text.
 *
 * Layer: schema.  Threads: any; works on what it is given.
 */
#ifndef SCHEMA_SCHEMA_ENCODE_H
#define SCHEMA_SCHEMA_ENCODE_H

#include "base/json_write.h"
#include "base/limits.h"
#include "schema/schema.h"

/* The bytes that placeholders in the text stand for, borrowed from the struct. */
struct schema_attachments {
	struct str v[ATTACHMENTS_MAX];
	size_t n;
};

/*
 * Writes in, p->size bytes, as one JSON value. Members that are OPT or CLEARABLE and not set are left out.
 * BYTES become placeholders and are added to attachments; without room there, or with NULL, they are left
 * out. Ask buf_failed of the writer's buf at the end.
 */
void schema_encode(const struct payload *p, const void *in, struct json_writer *w,
	struct schema_attachments *attachments);

/* The members alone, into an object that the caller has begun; p is an object. */
void schema_encode_members(const struct payload *p, const void *in, struct json_writer *w,
	struct schema_attachments *attachments);

#endif

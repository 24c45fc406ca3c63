/* SPDX-License-Identifier: MIT
 *
 * form - the public form of every payload: between the structs of schema/payload.h and those of antiphon.h.
 *
 * Both are made from the same rows, so that a table of offsets is all there is to know.
 *
 * Layer: client.  Threads: any; works on what it is given.
 */
#ifndef CLIENT_FORM_H
#define CLIENT_FORM_H

#include "base/attr.h"
#include "base/err.h"
#include "schema/schema_encode.h"

struct form {
	const struct payload *payload;
	const size_t *at;       /* of each field's member in the public struct */
	const size_t *value_at; /* of its value */
	size_t size;            /* of the public struct, bytes */
};

/* The form of a payload of the schema. */
struct form form_of(const struct payload *p);

/* How many bytes form_pack needs for this one, a multiple of 8. wire: the struct of schema/payload.h. */
size_t form_size(const struct form *f, const void *wire);

/* The public struct and behind it all that it points to, into form_size bytes at out, aligned to 8. */
void form_pack(const struct form *f, const void *wire, void *out);

/*
 * Writes a public struct as schema_encode does its own. ERR_BAD_REQUEST for a text that must be there and is NULL,
 * for a word that is none and for JSON that is none; bounds are schema_decode's to check.
 */
NODISCARD enum err form_encode(const struct form *f, const void *in, struct json_writer *w,
	struct schema_attachments *attachments);

/* True when both say the same, but for the signatures of addresses and for rev. */
bool form_equal(const struct form *f, const void *a, const void *b);

#endif

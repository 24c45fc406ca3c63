/* SPDX-License-Identifier: MIT
 *
 * json_schema - payloads as JSON Schemas (2020-12), for AsyncAPI and OpenAPI.
 *
 * Layer: schema.  Threads: any; works on what it is given.
 */
#ifndef SCHEMA_JSON_SCHEMA_H
#define SCHEMA_JSON_SCHEMA_H

#include "base/json_write.h"
#include "schema/schema.h"

/* A reference to a payload's schema: { "$ref": "#/components/schemas/ID" }. */
void json_schema_ref(struct json_writer *w, const struct payload *p);

/* The schema of a payload; those that it holds are referred to. */
void json_schema_write(struct json_writer *w, const struct payload *p);

/* The members of `components.schemas`: every payload by its id, written into an object that the caller has begun. */
void json_schema_all(struct json_writer *w);

#endif

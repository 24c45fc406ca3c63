/* SPDX-License-Identifier: MIT
 *
 * api_document - what the two generated documents, /asyncapi.json and /openapi.json, have in common.
 *
 * Layer: app.  Threads: any.
 */
#ifndef APP_API_DOCUMENT_H
#define APP_API_DOCUMENT_H

#include "base/json_write.h"

/* Begins the document: `"format": "revision"` and the info object; the outermost object stays open. */
void api_document_begin(
	struct json_writer *w, const char *format, const char *revision, const char *description);

/* A member whose value is this text. */
void api_document_pair(struct json_writer *w, const char *key, const char *value);

/* A member whose value is an object, which stays open. */
void api_document_open(struct json_writer *w, const char *key);

#endif

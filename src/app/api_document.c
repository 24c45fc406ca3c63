/* SPDX-License-Identifier: MIT
 *
 * api_document - see api_document.h.
 *
 * Layer: app.  Threads: any.
 */
#include "app/api_document.h"

#include "app/version.h"

void api_document_pair(struct json_writer *w, const char *key, const char *value)
{
	json_write_key(w, str_of(key));
	json_write_string(w, str_of(value));
}

void api_document_open(struct json_writer *w, const char *key)
{
	json_write_key(w, str_of(key));
	json_write_begin_object(w);
}

void api_document_begin(
	struct json_writer *w, const char *format, const char *revision, const char *description)
{
	json_write_begin_object(w);
	api_document_pair(w, format, revision);
	api_document_open(w, "info");
	api_document_pair(w, "title", "Antiphon");
	api_document_pair(w, "version", VERSION_TEXT);
	api_document_pair(w, "description", description);
	json_write_end_object(w);
}

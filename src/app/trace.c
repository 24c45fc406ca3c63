/* SPDX-License-Identifier: MIT
 *
 * trace - see trace.h.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/trace.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json_write.h"

struct trace {
	FILE *file;
	struct buf line;
};

enum err trace_new(const char *path, struct trace **out)
{
	struct trace *t = calloc(1, sizeof *t);

	if (!t)
		return ERR_NOMEM;
	t->file = fopen(path, "ae");
	if (!t->file) {
		free(t);
		return ERR_UNAVAILABLE;
	}
	*out = t;
	return ERR_OK;
}

void trace_free(struct trace *t)
{
	if (!t)
		return;
	fclose(t->file);
	buf_done(&t->line);
	free(t);
}

void trace_entry(void *context, const struct trace_entry *entry)
{
	static const char *const directions[] = { [TRACE_REQUEST] = "request",
		[TRACE_ANSWER] = "answer",
		[TRACE_ERROR] = "error",
		[TRACE_EMIT] = "emit" };
	struct trace *t = context;
	struct json_writer w = json_write_into(&t->line);

	buf_clear(&t->line);
	json_write_begin_object(&w);
	json_write_key(&w, STR("direction"));
	json_write_string(&w, str_of(directions[entry->direction]));
	json_write_key(&w, STR("namespace"));
	json_write_string(&w, str_of(schema_namespace(entry->ns)));
	json_write_key(&w, STR("event"));
	json_write_string(&w, entry->event);
	json_write_key(&w, STR("json")); /* as text: what a client sends need not be one value */
	json_write_string(&w, entry->json);
	json_write_end_object(&w);
	buf_byte(&t->line, '\n');
	fwrite(t->line.p, 1, t->line.n, t->file);
	fflush(t->file);
}

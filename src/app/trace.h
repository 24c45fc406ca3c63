/* SPDX-License-Identifier: MIT
 *
 * trace - every event that comes or goes, a line of JSON each, for the contract test.
 *
 * Layer: app.  Threads: the loop's.
 */
#ifndef APP_TRACE_H
#define APP_TRACE_H

#include "dispatch/dispatch.h"

struct trace;

/* Appends to a file. ERR_UNAVAILABLE when it cannot be opened, ERR_NOMEM. */
NODISCARD enum err trace_new(const char *path, struct trace **out);
void trace_free(struct trace *t); /* NULL is taken */

/* For dispatch_options; context is the struct trace. */
void trace_entry(void *context, const struct trace_entry *entry);

#endif

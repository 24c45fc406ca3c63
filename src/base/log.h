/* SPDX-License-Identifier: MIT
 *
 * log - where lines for the operator go, handed in. Libraries never use it; app and cli do, once,
 * where an error stops.
 *
 * Layer: base.  Threads: any, when the implementation allows it; log_to_stderr does.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"
#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
enum log_format { LOG_TEXT, LOG_JSON };

struct log {
	enum log_level level; /* lines above it are dropped */
	enum log_format format;
};

/* One line on standard error: the time, the level, the sentence. A secret must never be part of it. */
void log_line(const struct log *l, enum log_level level, const char *format, ...) PRINTF_LIKE(3, 4);

#endif

/* SPDX-License-Identifier: MIT
 *
 * err - the rows of errors.def as a table.
 *
 * Layer: base.  Threads: any.
 */
#include "base/err.h"

#include <assert.h>

static const struct {
	const char *wire, *title, *doc;
	int http;
} rows[ERR_COUNT] = {
#define ERR(id, wire_, http_, title_, doc_)                                                        \
	[ERR_##id] = { .wire = wire_, .title = title_, .doc = doc_, .http = http_ },
#include "base/errors.def"
#undef ERR
};

const char *err_wire(enum err e)
{
	assert(e < ERR_COUNT);
	return rows[e].wire;
}

int err_http(enum err e)
{
	assert(e < ERR_COUNT);
	return rows[e].http;
}

const char *err_title(enum err e)
{
	assert(e < ERR_COUNT);
	return rows[e].title;
}

const char *err_doc(enum err e)
{
	assert(e < ERR_COUNT);
	return rows[e].doc;
}

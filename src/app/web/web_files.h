/* SPDX-License-Identifier: MIT
 *
 * web_files - the built web application as the program carries it: a table that web/pack.mjs writes, or an empty one
 * in a build without it.
 *
 * Layer: app.  Threads: any; everything is constant.
 */
#ifndef APP_WEB_WEB_FILES_H
#define APP_WEB_WEB_FILES_H

#include <stdbool.h>

#include "base/str.h"

enum web_files_coding { WEB_FILES_BROTLI, WEB_FILES_GZIP, WEB_FILES_PLAIN, WEB_FILES_CODINGS };

struct web_files_file {
	const char *path;  /* as it is asked for: "/" for the page */
	const char *type;  /* Content-Type */
	const char *hash;  /* of the plain bytes, for the entity tag */
	bool is_immutable; /* the path holds a hash: what is there never changes */
	bool is_coded;     /* the first two are there: compression gains something */
	struct str bytes[WEB_FILES_CODINGS];
};

struct web_files {
	const struct web_files_file *v;
	size_t n; /* 0: built without the web application */
};

extern const struct web_files web_files;

#endif

/* SPDX-License-Identifier: MIT
 *
 * http - a libcurl handle as all calls of the HTTP API want it.
 *
 * Layer: client, private to api.  Threads: the caller's.
 */
#ifndef CLIENT_API_HTTP_H
#define CLIENT_API_HTTP_H

#include <curl/curl.h>

#include "client/api/inside.h"

/* For the path, with the session's token; no timeout of the whole. The caller's: curl_easy_cleanup, curl_slist_free_all. NULL without memory. */
CURL *antiphon_http_open(const struct antiphon *c, const char *path, struct curl_slist **headers);

/* Adds "Name: value" to the list, or leaves it as it is: false without memory. */
bool antiphon_http_header(struct curl_slist **headers, const char *line);

/* What a status stands for. */
enum antiphon_result antiphon_http_result(int status);

#endif

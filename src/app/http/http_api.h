/* SPDX-License-Identifier: MIT
 *
 * http_api - the HTTP side of the server: finds the route, the asker, runs the route's functions, answers.
 *
 * Layer: app.  Threads: the loop's.
 */
#ifndef APP_HTTP_HTTP_API_H
#define APP_HTTP_HTTP_API_H

#include <sio/sio.h>

#include "accounts/attempts.h"
#include "app/config.h"
#include "app/web/web_files.h"
#include "base/clock.h"
#include "base/rng.h"
#include "dispatch/dispatch.h"
#include "store/store.h"

struct http_api;

/* All pointers live as long as the http_api. */
struct http_api_options {
	struct sio_server *server;
	struct executor executor;
	struct hub *hub;
	const struct dispatch_stats *dispatch_stats;
	struct store
		*store; /* for store_stats and store_blobs alone; jobs go through the executor */
	struct attempts *attempts;
	const struct config *config;
	struct clock clock;
	struct rng rng;
	const struct log *log;
	const struct web_files *web;
};

/* Sets the handler of the server's HTTP requests, sweeps what has expired now and every few minutes. ERR_NOMEM. */
NODISCARD enum err http_api_new(const struct http_api_options *options, struct http_api **out);

/* /readyz says no from now on. */
void http_api_drain(struct http_api *api);

/* Ends its timer, while the server is there. NULL is taken. */
void http_api_stop(struct http_api *api);

/* After http_api_stop and the server's end, which still tells it of requests whose peers go. NULL is taken. */
void http_api_free(struct http_api *api);

#endif

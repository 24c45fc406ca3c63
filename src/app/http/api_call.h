/* SPDX-License-Identifier: MIT
 *
 * api_call - one request on its way through the API. Private to app/http.
 *
 * A call begins with its request, is handed from job to job, and ends with exactly one of the
 * api_call_answer functions, which frees it.
 *
 * Layer: app.  Threads: the loop's, but for api_call_guard and what runs in jobs.
 */
#ifndef APP_HTTP_API_CALL_H
#define APP_HTTP_API_CALL_H

#include "app/http/http_api.h"
#include "app/http/route.h"
#include "files/part.h"
#include "host/web.h"
#include "http/http_cors.h"

enum { API_HEADERS_MAX = 24, API_STATUS_CLASSES = 6 };

struct transfer;

struct http_api {
	struct http_api_options o;
	struct route_site site;
	struct http_cors cors;
	struct parts *parts;
	struct transfer *transfers; /* uploads whose next bytes are coming */
	struct timer sweep;
	struct api_call *delayed; /* calls that wait for their delay */
	bool has_swept_parts, has_warned;
	bool is_draining;
	uint64_t answered[API_STATUS_CLASSES]; /* by the first digit of the status */
};

struct api_call {
	struct job job; /* first: a job of a call is the call */
	struct http_api *api;
	struct web_request *request;
	const struct http_head *head;
	enum route_id route;
	struct str id;    /* what the path has in the place of :id */
	struct str token; /* bearer token, or the cookie of a GET; may be empty */
	bool is_cookie;   /* the token is a cookie's: good for the media routes alone */
	struct arena arena;
	struct route_ask ask;
	struct timer delay;            /* before a SECRET's work */
	struct api_call *next_delayed; /* in http_api.delayed */
	bool is_stale; /* the session's use is to be written down behind the answer */
	struct http_header headers[API_HEADERS_MAX];
	size_t header_count;
	void *in, *found, *out, *answer; /* the route's own */
};

static inline struct api_call *api_call_of(struct job *job)
{
	return (struct api_call *)(void *)job;
}

/* A call for a request; NULL without memory. The route and id are filled in by the caller. */
struct api_call *api_call_new(struct http_api *api, struct web_request *r);

/*
 * In a job: finds who the token belongs to and whether the route's row lets them. A stale session is
 * renewed on the writer at once, else behind the answer. Refuses with ERR_UNAUTHORIZED, ERR_FORBIDDEN.
 */
enum api_call_place { API_CALL_READER, API_CALL_WRITER };
NODISCARD enum err api_call_guard(struct api_call *c, struct tx *tx, enum api_call_place place);

/* Sends the call's job to run; when it is not taken, answers with the error. */
void api_call_submit(struct api_call *c, enum place place,
	enum err (*run)(struct job *job, struct tx *tx), void (*done)(struct job *job));

/* A field of the answer; both live until it is given. */
void api_call_header(struct api_call *c, struct str name, struct str value);
void api_call_number(struct api_call *c, struct str name, int64_t value);

/* Answers with a body of the given type (NULL: none), and frees the call. */
void api_call_answer(struct api_call *c, int status, const char *type, struct str body);

/* Answers 200 with a body that lives as long as the program, and frees the call. */
void api_call_answer_constant(struct api_call *c, const char *type, struct str body);

/* Answers with a problem document. status: 0 for the error's own; sentence: NULL for err_doc's. */
void api_call_fail(struct api_call *c, enum err e, int status, const char *sentence);

/* What the call's job came to, when that is a failure. */
void api_call_fail_job(struct api_call *c);

/* Pieces of a file, then a tail. */
struct api_call_file {
	int take_fd;
	const struct web_segment *segments;
	size_t count;
	struct str tail;
};

/* Answers with pieces of a file, and frees the call. */
void api_call_answer_file(struct api_call *c, int status, const struct api_call_file *file);

/* A list of methods as Allow wants it, in the call's arena. */
struct str api_call_allow(struct api_call *c, uint32_t allow);

/* ---- the kinds of routes ---- */

/* JSON in, JSON out: READ, WRITE, SECRET. body is valid until the answer. */
void api_json_begin(struct api_call *c, struct str body);
void api_json_stop(struct http_api *api); /* what is delayed is refused */

void api_upload_begin(struct api_call *c);
void api_download_begin(struct api_call *c);
void api_status_begin(struct api_call *c);
void api_web_begin(struct api_call *c);

/* Appends Prometheus' text. */
void api_metrics_write(const struct http_api *api, struct buf *out);

/* Removes expired uploads, now and from time to time. */
void api_sweep_start(struct http_api *api);
void api_sweep_stop(struct http_api *api);

#endif

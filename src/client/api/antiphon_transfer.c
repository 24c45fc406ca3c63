/* SPDX-License-Identifier: MIT
 *
 * antiphon_transfer - what both ways of a file share: see antiphon_transfer.h.
 *
 * Layer: client.  Threads: the caller's; they wait.
 */
#include "client/api/antiphon_transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { AGAIN_MS = 500, PATIENCE_MS = 60000, SILENCE_S = 20 };

/* ---- what libcurl calls ---- */

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
	struct antiphon_attempt *a = context;
	long status = 0;

	curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	if (a->fd < 0 || (status != 200 && status != 206))
		return size * n; /* an error's text */
	if (status == 200 && a->ranged) {
		a->ranged = false;
		a->offset = 0; /* not from where we asked, but from the beginning */
		a->failed |= ftruncate(a->fd, 0) != 0;
	}
	if (a->offset + (int64_t)(size * n) > a->total) {
		a->wrong = true; /* more than there is: it need not end */
		return 0;
	}
	ssize_t written = pwrite(a->fd, bytes, size * n, (off_t)a->offset);
	if (written != (ssize_t)(size * n))
		a->failed = true;
	else
		a->offset += written;
	return a->failed ? 0 : size * n;
}

/* "Name: value\r\n" */
static size_t on_header(char *line, size_t size, size_t n, void *context)
{
	struct antiphon_attempt *a = context;
	char text[512];

	if (size * n >= sizeof text)
		return size * n;
	memcpy(text, line, size * n);
	text[size * n] = 0;
	text[strcspn(text, "\r\n")] = 0;
	if (strncasecmp(text, "Location: ", 10) == 0)
		snprintf(a->location, sizeof a->location, "%s", text + 10);
	else if (strncasecmp(text, "Upload-Offset: ", 15) == 0)
		a->upload_offset = strtoll(text + 15, NULL, 10);
	return size * n;
}

/* Meanwhile the client goes on, and the program may say that it is enough. */
static int on_progress(
	void *context, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	struct antiphon_attempt *a = context;

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	if (!a->c->started)
		antiphon_process(a->c);
	if (a->t->progress && !a->t->progress(a->t->context, a->offset, a->total))
		a->cancelled = true;
	return a->cancelled;
}

/* ---- one attempt ---- */

void antiphon_transfer_header(struct antiphon_attempt *a, const char *name, const char *value)
{
	char line[1024];

	snprintf(line, sizeof line, "%s: %s", name, value);
	a->no_memory |= !antiphon_http_header(&a->headers, line);
}

void antiphon_transfer_number(struct antiphon_attempt *a, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)value);
	antiphon_transfer_header(a, name, text);
}

static int64_t patience_ms(const struct antiphon_attempt *a)
{
	return a->t->patience_ms > 0 ? a->t->patience_ms : PATIENCE_MS;
}

/* How long a connection may say nothing. */
static long silence_s(const struct antiphon_attempt *a)
{
	int64_t patience_s = (patience_ms(a) + 999) / 1000;

	return patience_s < SILENCE_S ? (long)patience_s : SILENCE_S;
}

bool antiphon_transfer_open(struct antiphon_attempt *a, const char *method, const char *path)
{
	a->curl = antiphon_http_open(a->c, path, &a->headers);
	a->no_memory |= !a->curl;
	if (!a->curl)
		return false;
	a->location[0] = 0;
	a->upload_offset = -1;
	a->no_memory |= curl_easy_setopt(a->curl, CURLOPT_CUSTOMREQUEST, method) != CURLE_OK;
	curl_easy_setopt(a->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(a->curl, CURLOPT_WRITEDATA, a);
	curl_easy_setopt(a->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(a->curl, CURLOPT_HEADERDATA, a);
	curl_easy_setopt(a->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(a->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(a->curl, CURLOPT_XFERINFODATA, a);
	curl_easy_setopt(a->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(a->curl, CURLOPT_LOW_SPEED_TIME, silence_s(a));
	if (a->t->rate_max) {
		curl_easy_setopt(a->curl, CURLOPT_MAX_RECV_SPEED_LARGE, (curl_off_t)a->t->rate_max);
		curl_easy_setopt(a->curl, CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t)a->t->rate_max);
	}
	return true;
}

/* The status; 0: the connection was lost. */
int antiphon_transfer_perform(struct antiphon_attempt *a)
{
	CURLcode code = CURLE_OUT_OF_MEMORY;
	long status = 0;

	curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, a->headers);
	if (!a->no_memory)
		code = curl_easy_perform(a->curl);
	if (code == CURLE_OK)
		curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
	a->no_memory = code == CURLE_OUT_OF_MEMORY;
	curl_slist_free_all(a->headers);
	curl_easy_cleanup(a->curl);
	a->headers = NULL;
	a->curl = NULL;
	return (int)status;
}

static bool never(struct antiphon *c, void *context)
{
	(void)c;
	(void)context;
	return false;
}

static bool is_passing(int status)
{
	return status == 0 || status == 429 || status == 503;
}

/*
 * try(a) until its status is no passing trouble, or nothing has moved for as long as one is patient. The status; 0: given up.
 */
int antiphon_transfer_insist(struct antiphon_attempt *a, int (*try)(struct antiphon_attempt *a))
{
	int64_t patience = patience_ms(a);
	int64_t moved_ms = clock_monotonic_ms(&a->c->clock), moved_to = a->offset;

	for (;;) {
		int status = try(a);
		int64_t now = clock_monotonic_ms(&a->c->clock);
		if (a->cancelled || a->failed || a->wrong || a->no_memory || !is_passing(status))
			return status;
		if (a->offset > moved_to) {
			moved_to = a->offset;
			moved_ms = now;
		}
		if (now - moved_ms >= patience)
			return status;
		pthread_mutex_lock(&a->c->mutex);
		(void)antiphon_drive_until(a->c, AGAIN_MS, never, NULL);
		pthread_mutex_unlock(&a->c->mutex);
	}
}

enum antiphon_result antiphon_transfer_result(const struct antiphon_attempt *a, int status)
{
	if (a->cancelled)
		return ANTIPHON_CONFLICT;
	if (a->wrong)
		return ANTIPHON_INTERNAL;
	if (a->no_memory)
		return ANTIPHON_NOMEM;
	if (a->failed || status == 0)
		return ANTIPHON_UNAVAILABLE;
	return antiphon_http_result(status);
}

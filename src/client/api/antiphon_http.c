/* SPDX-License-Identifier: MIT
 *
 * antiphon_http - calls of the HTTP API, by libcurl: signing in, and whatever has no event.
 *
 * Layer: client.  Threads: the caller's; they wait.
 */
#include <stdio.h>
#include <stdlib.h>

#include "client/api/http.h"
#include "schema/schema_decode.h"

enum { BODY_MAX = 16 << 20 };

struct call {
	const char *method, *path, *json;
	struct buf body;
	int status;
};

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
	struct call *call = context;

	if (call->body.n + size * n > BODY_MAX)
		return 0;
	buf_append(&call->body, (struct str){ bytes, size * n });
	return buf_failed(&call->body) ? 0 : size * n;
}

/* "ws://host:1/path" → "http://host:1" and the path of the call. */
static void make_url(const struct antiphon *c, const char *path, struct buf *out)
{
	struct str url = str_of(c->url);
	size_t host = 0;

	if (str_starts(url, STR("ws"))) {
		buf_append(out, STR("http"));
		url = str_after(url, 2);
	}
	for (size_t i = 0; i + 2 < url.n && !host; i++)
		if (memcmp(url.p + i, "://", 3) == 0)
			host = i + 3;
	size_t end = host;
	while (end < url.n && !strchr("/?#", url.p[end]))
		end++;
	buf_append(out, (struct str){ url.p, end });
	buf_append(out, str_of(path));
	buf_byte(out, 0);
}

bool antiphon_http_header(struct curl_slist **headers, const char *line)
{
	struct curl_slist *list = curl_slist_append(*headers, line);

	if (list)
		*headers = list;
	return list != NULL;
}

static bool authorize(const struct antiphon *c, struct curl_slist **headers)
{
	struct buf line = { 0 };

	if (!c->token)
		return true;
	buf_printf(&line, "Authorization: Bearer %s", c->token);
	buf_byte(&line, 0);
	bool added = !buf_failed(&line) && antiphon_http_header(headers, line.p);
	buf_done(&line);
	return added;
}

static bool set_address(const struct antiphon *c, const char *path, CURL *curl)
{
	struct buf url = { 0 };

	make_url(c, path, &url);
	bool set = !buf_failed(&url) && curl_easy_setopt(curl, CURLOPT_URL, url.p) == CURLE_OK;
	buf_done(&url);
	return set;
}

CURL *antiphon_http_open(const struct antiphon *c, const char *path, struct curl_slist **headers)
{
	CURL *curl = curl_easy_init();

	*headers = NULL;
	if (!curl)
		return NULL;
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)c->connect_timeout_ms);
	bool trusts = !c->tls_ca_file ||
	              curl_easy_setopt(curl, CURLOPT_CAINFO, c->tls_ca_file) == CURLE_OK;
	if (!trusts || !set_address(c, path, curl) || !authorize(c, headers)) {
		curl_easy_cleanup(curl);
		return NULL;
	}
	return curl;
}

/* False without memory. */
static bool set_call(CURL *curl, const struct call *call, struct curl_slist **headers)
{
	if (curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method) != CURLE_OK)
		return false;
	if (!call->json)
		return true;
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->json);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(call->json));
	return antiphon_http_header(headers, "Content-Type: application/json");
}

static enum err perform(const struct antiphon *c, struct call *call)
{
	struct curl_slist *headers;
	CURL *curl = antiphon_http_open(c, call->path, &headers);
	CURLcode code = CURLE_OUT_OF_MEMORY;
	long status = 0;

	if (!curl)
		return ERR_NOMEM;
	bool set = set_call(curl, call, &headers);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)c->request_timeout_ms);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
	if (set)
		code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	call->status = (int)status;
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code == CURLE_OUT_OF_MEMORY || buf_failed(&call->body))
		return ERR_NOMEM;
	return code ? ERR_UNAVAILABLE : ERR_OK;
}

/* The status says as much as the errorCode, but for the two that share 400. */
enum antiphon_result antiphon_http_result(int status)
{
	if (status >= 200 && status < 300)
		return ANTIPHON_OK;
	for (int i = ERR_OK + 1; i < ERR_COUNT; i++)
		if (err_http((enum err)i) == status)
			return (enum antiphon_result)i;
	return status >= 500 ? ANTIPHON_INTERNAL : ANTIPHON_BAD_REQUEST;
}

enum antiphon_result antiphon_http(struct antiphon *c, const char *method, const char *path,
	const char *json, struct antiphon_http_answer *out)
{
	struct call call = { .method = method, .path = path, .json = json };
	enum err e = perform(c, &call);

	if (out)
		*out = (struct antiphon_http_answer){ .status = call.status };
	buf_byte(&call.body, 0);
	if (!e && buf_failed(&call.body))
		e = ERR_NOMEM;
	if (!e && out)
		out->body = call.body.p;
	else
		buf_done(&call.body);
	return e ? (enum antiphon_result)e : antiphon_http_result(call.status);
}

/* Posts it and keeps the token of the session that begins. */
static enum antiphon_result begin_session(
	struct antiphon *c, const char *path, const char *payload, const void *in)
{
	const struct payload *answer = schema_payload(STR("session_begun"));
	struct form form = form_of(schema_payload(str_of(payload)));
	struct session_begun begun = { 0 };
	struct arena a = { 0 };
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);
	struct str sentence;
	struct antiphon_http_answer http = { 0 };
	enum err e = form_encode(&form, in, &w, NULL);

	buf_byte(&json, 0);
	if (!e && buf_failed(&json))
		e = ERR_NOMEM;
	enum antiphon_result r =
		e ? (enum antiphon_result)e : antiphon_http(c, "POST", path, json.p, &http);
	if (!r)
		r = (enum antiphon_result)schema_decode(answer,
			&(struct schema_source){ .json = str_of(http.body) }, &a, &begun,
			&sentence);
	char *token = r ? NULL : strndup(begun.token.p, begun.token.n);
	if (!r && !token)
		r = ANTIPHON_NOMEM;
	if (!r) {
		pthread_mutex_lock(&c->mutex);
		free(c->token);
		c->token = token;
		pthread_mutex_unlock(&c->mutex);
	}
	antiphon_text_free(http.body);
	buf_done(&json);
	arena_done(&a);
	return r;
}

enum antiphon_result antiphon_sign_in(
	struct antiphon *c, const char *username, const char *password)
{
	struct antiphon_sign_in in = { .username = username, .password = password };

	return begin_session(c, "/api/v1/sessions", "sign_in", &in);
}

enum antiphon_result antiphon_register(
	struct antiphon *c, const struct antiphon_register_account *account)
{
	return begin_session(c, "/api/v1/accounts", "register_account", account);
}

/* SPDX-License-Identifier: MIT
 *
 * test_transfer - calls of the HTTP API, an upload and a download, in which the first, second, nth allocation fails:
 * libantiphon's or libcurl's. The server is a thread with buffers of its own; it cuts each transfer once, in the middle.
 *
 * The linker hands antiphon_drive_until to the function below, so that nobody waits before a second attempt.
 *
 * Layer: tests.  Threads: two.
 */
#include "../cmocka_all.h"
#include "../no_memory.h"
#include "stand_in.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/hash.h"
#include "client/api/http.h"

enum { FILE_BYTES = 50000, REQUEST_BYTES = 8192, AGAIN_MS = 500 };

#define TRACK_ID  "0193a1b2-0000-7000-8000-000000000003"
#define UPLOAD_ID "0193a1b2-0000-7000-8000-000000000009"
#define TRACK                                                                                      \
	"2/music,[\"PUBLISH_TRACK\",{\"id\":\"" TRACK_ID "\",\"userId\":" ID(                      \
		"01") ",\"title\":\"t\",\"artist\":\"\",\"album\":\"\",\"genre\":\"\",\"year\":"   \
		      "null,\"tags\":[],\"durationMs\":null,\"audio\":{\"mime\":\"a/b\","          \
		      "\"size\":50000,\"blake2b\":\"%.64s\",\"url\":\"/a\"},\"coverUrl\":null,"    \
		      "\"rating\":{\"average\":0,\"count\":0},\"commentCount\":0,\"downloads\":0," \
		      "\"publishedAt\":" DATE ",\"updatedAt\":" DATE ",\"rev\":2}]"

bool __real_antiphon_drive_until(struct antiphon *c, int64_t timeout_ms,
	bool (*done)(struct antiphon *c, void *context), void *context);
bool __wrap_antiphon_drive_until(struct antiphon *c, int64_t timeout_ms,
	bool (*done)(struct antiphon *c, void *context), void *context);

bool __wrap_antiphon_drive_until(struct antiphon *c, int64_t timeout_ms,
	bool (*done)(struct antiphon *c, void *context), void *context)
{
	return __real_antiphon_drive_until(
		c, timeout_ms == AGAIN_MS ? 0 : timeout_ms, done, context);
}

/* ---- the server ---- */

struct site {
	int listener;
	char url[64];
	pthread_t thread;
	pthread_mutex_t mutex;   /* around what follows */
	char audio[FILE_BYTES];  /* what there is to download */
	char upload[FILE_BYTES]; /* what was uploaded */
	size_t upload_bytes;
	bool has_upload;
	bool cuts; /* the next body is cut, either way */
};

struct visit {
	struct site *site;
	int fd;
	char request[REQUEST_BYTES + 1]; /* a head, and what came of the body with it */
	size_t have, head, body;
};

static void answer(const struct visit *v, const char *status, const char *fields, struct str body)
{
	char head[512];
	int n = snprintf(head, sizeof head, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status,
		fields, body.n);

	(void)send(v->fd, head, (size_t)n, MSG_NOSIGNAL);
	if (body.n)
		(void)send(v->fd, body.p, body.n, MSG_NOSIGNAL);
}

static bool take_head(struct visit *v)
{
	const char *end = NULL;
	ssize_t n = 1;

	v->request[v->have] = 0;
	while (!(end = strstr(v->request, "\r\n\r\n")) && v->have < REQUEST_BYTES && n > 0) {
		n = recv(v->fd, v->request + v->have, REQUEST_BYTES - v->have, 0);
		v->have += n > 0 ? (size_t)n : 0;
		v->request[v->have] = 0;
	}
	v->head = end ? (size_t)(end - v->request) + 4 : 0;
	return end;
}

/* NULL: it is not there. */
static const char *field(const struct visit *v, const char *name)
{
	const char *at = strstr(v->request, name);

	return at && at < v->request + v->head ? at + strlen(name) : NULL;
}

/* Of the body, at most max bytes into out. */
static size_t take_body(struct visit *v, char *out, size_t max)
{
	size_t n = v->have - v->head < max ? v->have - v->head : max;
	ssize_t more = 1;

	memcpy(out, v->request + v->head, n);
	while (n < max && more > 0) {
		more = recv(v->fd, out + n, max - n, 0);
		n += more > 0 ? (size_t)more : 0;
	}
	return n;
}

static void serve_audio(struct visit *v)
{
	struct site *s = v->site;
	const char *range = field(v, "Range: bytes=");
	size_t from = range ? strtoul(range, NULL, 10) : 0;
	char head[200];

	snprintf(head, sizeof head,
		"HTTP/1.1 %s\r\nContent-Range: bytes %zu-%d/%d\r\nContent-Length: %zu\r\n\r\n",
		range ? "206 Partial Content" : "200 OK", from, FILE_BYTES - 1, FILE_BYTES,
		FILE_BYTES - from);
	(void)send(v->fd, head, strlen(head), MSG_NOSIGNAL);
	(void)send(v->fd, s->audio + from, (FILE_BYTES - from) / (s->cuts ? 2 : 1), MSG_NOSIGNAL);
	s->cuts = false;
}

static void serve_patch(struct visit *v)
{
	struct site *s = v->site;
	const char *offset = field(v, "Upload-Offset: ");

	if (!offset || strtoul(offset, NULL, 10) != s->upload_bytes ||
		s->upload_bytes + v->body > FILE_BYTES) {
		answer(v, "400 Bad Request", "", STR(""));
		return;
	}
	size_t wanted = s->cuts ? v->body / 2 : v->body;
	size_t n = take_body(v, s->upload + s->upload_bytes, wanted);
	s->upload_bytes += n;
	if (!s->cuts && n == wanted)
		answer(v, "204 No Content", "", STR(""));
	s->cuts = false;
}

static void serve_head(struct visit *v)
{
	char fields[64];

	snprintf(fields, sizeof fields, "Upload-Offset: %zu\r\n", v->site->upload_bytes);
	answer(v, v->site->has_upload ? "200 OK" : "404 Not Found",
		v->site->has_upload ? fields : "", STR(""));
}

static void serve_creation(struct visit *v)
{
	struct site *s = v->site;

	if (!field(v, "Upload-Length: 50000\r\n") || !field(v, "Upload-Metadata: filename ")) {
		answer(v, "400 Bad Request", "", STR(""));
		return;
	}
	s->has_upload = true;
	s->upload_bytes = 0;
	answer(v, "201 Created", "Location: /api/v1/uploads/" UPLOAD_ID "\r\n", STR(""));
}

static void serve(struct visit *v)
{
	char body[REQUEST_BYTES];
	bool tus = field(v, "Tus-Resumable: 1.0.0\r\n");

	if (str_starts(str_of(v->request), STR("POST /api/v1/sessions "))) {
		bool good = field(v, "Content-Type: application/json\r\n") &&
		            v->body <= sizeof body && take_body(v, body, v->body) == v->body;
		answer(v, good ? "200 OK" : "400 Bad Request", "",
			STR("{\"token\":\"new\",\"user\":" USER ",\"expiresAt\":" DATE "}"));
	} else if (!field(v, "Authorization: Bearer ")) {
		answer(v, "401 Unauthorized", "", STR(""));
	} else if (str_starts(str_of(v->request), STR("GET /api/v1/tracks/" TRACK_ID "/audio "))) {
		serve_audio(v);
	} else if (tus && str_starts(str_of(v->request), STR("PATCH /api/v1/uploads/" UPLOAD_ID))) {
		serve_patch(v);
	} else if (tus && str_starts(str_of(v->request), STR("HEAD /api/v1/uploads/" UPLOAD_ID))) {
		serve_head(v);
	} else if (tus && str_starts(str_of(v->request), STR("POST /api/v1/uploads "))) {
		serve_creation(v);
	} else if (str_starts(str_of(v->request), STR("GET /api/v1/sessions "))) {
		answer(v, "200 OK", "", STR("{\"a\":1}"));
	} else {
		answer(v, "400 Bad Request", "", STR(""));
	}
}

static void *run_site(void *context)
{
	struct visit v = { .site = context };

	while ((v.fd = accept(v.site->listener, NULL, NULL)) >= 0) {
		v.have = 0;
		if (take_head(&v)) {
			const char *length = field(&v, "Content-Length: ");
			v.body = length ? strtoul(length, NULL, 10) : 0;
			pthread_mutex_lock(&v.site->mutex);
			serve(&v);
			pthread_mutex_unlock(&v.site->mutex);
		}
		close(v.fd);
	}
	return NULL;
}

static void site_begin(struct site *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;

	for (size_t i = 0; i < FILE_BYTES; i++)
		s->audio[i] = (char)(i * 7 + i / 251);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(s->listener, 16), 0);
	assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &n), 0);
	snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", ntohs(at.sin_port));
	pthread_mutex_init(&s->mutex, NULL);
	assert_int_equal(pthread_create(&s->thread, NULL, run_site, s), 0);
}

static void site_end(struct site *s)
{
	shutdown(s->listener, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->listener);
	pthread_mutex_destroy(&s->mutex);
}

/* ---- the program ---- */

struct program {
	struct site *site;
	struct antiphon *c;
	char folder[64], path[128], part[128];
	size_t downloaded;
};

static void on_downloaded(void *context, enum antiphon_event event, const void *payload)
{
	struct program *p = context;

	assert_true(event == ANTIPHON_DOWNLOADED_TRACK && payload);
	p->downloaded++;
}

/* Connected, with a track in its model. */
static void program_begin(struct program *p)
{
	struct antiphon_options options = {
		.url = p->site->url, .token = "t", .folder = p->folder
	};
	char hex[DIGEST_HEX_BYTES], track[2048];
	struct hash_stream *h;

	snprintf(p->folder, sizeof p->folder, "/tmp/antiphon-transfer-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->path, sizeof p->path, "%s/song", p->folder);
	snprintf(p->part, sizeof p->part, "%s/song.part", p->folder);
	assert_int_equal(hash_stream_new(&h), ERR_OK);
	hash_stream_add(h, (struct str){ p->site->audio, FILE_BYTES });
	hash_hex(hash_stream_end(h), hex);
	hash_stream_free(h);
	snprintf(track, sizeof track, TRACK, hex);
	assert_int_equal(antiphon_new(&options, &p->c), ANTIPHON_OK);
	antiphon_on(p->c, ANTIPHON_DOWNLOADED_TRACK, on_downloaded, p);
	(void)antiphon_connect(p->c);
	stand_in_open(p->c);
	for (size_t i = 0; i < COUNT_OF(stand_in_prelude); i++)
		stand_in_say(p->c, false, str_of(stand_in_prelude[i]));
	stand_in_say(p->c, false, str_of(track));
	assert_true(antiphon_is_connected(p->c));
}

static void program_end(struct program *p)
{
	static const char *const files[] = { "/song", "/song.part", "/antiphon.db",
		"/antiphon.db-wal", "/antiphon.db-shm", "" };
	char path[128];

	antiphon_free(p->c);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		snprintf(path, sizeof path, "%s%s", p->folder, files[i]);
		(void)remove(path);
	}
}

/* How many bytes the file has, all of them as those of the audio; -1: there is none. */
static ssize_t audio_in(const struct program *p, const char *path)
{
	char bytes[FILE_BYTES + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	ssize_t n = read(fd, bytes, sizeof bytes);
	close(fd);
	assert_in_range(n, 0, FILE_BYTES);
	assert_memory_equal(bytes, p->site->audio, (size_t)n);
	return n;
}

static bool is_clear(enum antiphon_result r)
{
	return r == ANTIPHON_OK || r == ANTIPHON_NOMEM || r == ANTIPHON_UNAVAILABLE;
}

/* Each of these does its work without memory for the nth allocation; 0: with. True when one failed. */
static bool call(struct program *p, long nth)
{
	struct antiphon_http_answer answer = { 0 };

	no_memory_begin(nth);
	enum antiphon_result begun = antiphon_sign_in(p->c, "me", "secret");
	enum antiphon_result r = antiphon_http(p->c, "GET", "/api/v1/sessions", NULL, &answer);
	bool failed = no_memory_end();
	assert_true(is_clear(begun) && is_clear(r));
	assert_true(failed || (begun == ANTIPHON_OK && r == ANTIPHON_OK));
	assert_true(r == ANTIPHON_OK ? strcmp(answer.body, "{\"a\":1}") == 0 : !answer.body);
	assert_true(begun || strcmp(antiphon_token(p->c), "new") == 0);
	antiphon_text_free(answer.body);
	return failed;
}

static enum antiphon_result download_once(struct program *p, long nth, bool *failed)
{
	struct antiphon_transfer t = { .path = p->path };

	p->downloaded = 0;
	no_memory_begin(nth);
	enum antiphon_result r = antiphon_download(p->c, TRACK_ID, &t);
	*failed = no_memory_end();
	if (!(is_clear(r) && (*failed || r == ANTIPHON_OK)))
		assert_true(is_clear(r) && (*failed || r == ANTIPHON_OK));
	assert_int_equal(audio_in(p, p->path), r ? -1 : FILE_BYTES);
	assert_true(r || audio_in(p, p->part) < 0);
	assert_int_equal(p->downloaded, r == ANTIPHON_OK);
	return r;
}

static bool download(struct program *p, long nth)
{
	bool failed, again;

	pthread_mutex_lock(&p->site->mutex);
	p->site->cuts = true;
	pthread_mutex_unlock(&p->site->mutex);
	if (download_once(p, nth, &failed)) {
		(void)audio_in(p, p->part); /* whatever there is, is right */
		assert_int_equal(download_once(p, 0, &again), ANTIPHON_OK);
	}
	assert_int_equal(remove(p->path), 0);
	return failed;
}

static enum antiphon_result upload_once(struct program *p, long nth, bool *failed)
{
	struct antiphon_transfer t = { .path = p->path };
	char id[37] = "";

	no_memory_begin(nth);
	enum antiphon_result r = antiphon_upload(p->c, &t, ANTIPHON_UPLOAD_PURPOSE_TRACK, NULL, id);
	*failed = no_memory_end();
	assert_true(is_clear(r) && (*failed || r == ANTIPHON_OK));
	pthread_mutex_lock(&p->site->mutex);
	assert_memory_equal(p->site->upload, p->site->audio, p->site->upload_bytes);
	assert_true(r || (p->site->upload_bytes == FILE_BYTES && strcmp(id, UPLOAD_ID) == 0));
	pthread_mutex_unlock(&p->site->mutex);
	return r;
}

static bool upload(struct program *p, long nth)
{
	int fd = open(p->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool failed, again;

	assert_int_equal(write(fd, p->site->audio, FILE_BYTES), FILE_BYTES);
	close(fd);
	pthread_mutex_lock(&p->site->mutex);
	p->site->cuts = true;
	p->site->has_upload = false;
	p->site->upload_bytes = 0;
	pthread_mutex_unlock(&p->site->mutex);
	if (upload_once(p, nth, &failed))
		assert_int_equal(upload_once(p, 0, &again), ANTIPHON_OK);
	assert_int_equal(remove(p->path), 0);
	return failed;
}

static void each_allocation_may_fail(void **state)
{
	static bool (*const works[])(struct program * p, long nth) = { call, download, upload };
	static struct site site;
	struct program p = { .site = &site };

	(void)state;
	site_begin(&site);
	program_begin(&p);
	for (size_t i = 0; i < COUNT_OF(works); i++) {
		long n = 0;
		while (works[i](&p, ++n)) {
		}
		assert_true(n > 40);
	}
	program_end(&p);
	site_end(&site);
}

static char *copy_text(const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = __wrap_malloc(n);

	return copy ? memcpy(copy, text, n) : NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allocation_may_fail),
	};

	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, __wrap_malloc, free, __wrap_realloc,
		    copy_text, __wrap_calloc))
		return 1;
	int failures = cmocka_run_group_tests(tests, NULL, NULL);
	curl_global_cleanup();
	return failures;
}

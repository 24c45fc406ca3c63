/* SPDX-License-Identifier: MIT
 *
 * api_download - files, audio, pictures: who may have them, and which of their bytes.
 *
 * Layer: app.  Threads: the loop's; run_… where the jobs run.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/session.h"
#include "app/http/api_call.h"
#include "base/sign.h"
#include "base/text.h"
#include "files/download.h"
#include "http/http_condition.h"
#include "http/http_disposition.h"
#include "http/http_query.h"
#include "http/http_range.h"
#include "store/tx.h"
#include "store/url_key.h"

static const char no_right[] = "The address needs a bearer token or the cookie; POST /api/v1/links "
			       "gives one that opens by itself.";

struct serving {
	struct download_ask ask;
	struct download found;
	bool is_signed;
	struct signed_path address; /* when it is */
	struct str signature;
	int fd;
	uint64_t size;
	struct str etag;
};

/* ---- in the job ---- */

/* Opens what was found; its size is what the file says. */
static enum err open_blob(struct api_call *c, struct serving *s)
{
	char hex[DIGEST_HEX_BYTES];
	struct stat st;
	enum err e = blob_open(c->api->o.executor.blobs, &s->found.digest, &s->fd);

	if (e)
		return e == ERR_NOT_FOUND ? ERR_INTERNAL
		                          : e; /* a row never points at a blob that is not there */
	if (fstat(s->fd, &st) != 0) {
		close(s->fd);
		return ERR_UNAVAILABLE;
	}
	s->size = (uint64_t)st.st_size;
	hash_hex(s->found.digest, hex);
	s->etag = arena_printf(&c->arena, "\"%.*s\"", DIGEST_HEX_BYTES, hex);
	if (s->etag.p)
		return ERR_OK;
	close(s->fd);
	return ERR_NOMEM;
}

/* The signature holds, and whom it was made for may still. */
static enum err check_signature(struct api_call *c, const struct serving *s, struct tx *tx)
{
	const struct identity named = { .user_id = s->address.user_id,
		.session_id = s->address.session_id };
	struct digest key;
	enum err e = url_key_get(tx, &key);

	if (!e && !sign_holds(&key, &s->address, s->signature, c->ask.ask.now_ms))
		return tx_refuse(tx, ERR_UNAUTHORIZED, no_right);
	return e ? e : session_find_named(tx, &named, c->ask.ask.now_ms);
}

static enum err run_find(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);
	struct serving *s = c->in;
	enum err e =
		s->is_signed ? check_signature(c, s, tx) : api_call_guard(c, tx, API_CALL_READER);

	s->ask.user_id = s->is_signed ? s->address.user_id : c->ask.ask.user_id;
	if (!e)
		e = download_find(tx, &s->ask, &c->arena, &s->found);
	return e ? e : open_blob(c, s);
}

/* ---- the answer ---- */

static bool describe(struct api_call *c, struct serving *s)
{
	struct buf b = { 0 };

	http_disposition_write(&b,
		s->found.is_inline ? HTTP_DISPOSITION_INLINE : HTTP_DISPOSITION_ATTACHMENT,
		s->found.filename);
	struct str disposition =
		buf_failed(&b) ? (struct str){ NULL, 0 } : arena_dup(&c->arena, buf_str(&b));
	buf_done(&b);
	if (!disposition.p)
		return false;
	api_call_header(c, STR("ETag"), s->etag);
	api_call_header(c, STR("Accept-Ranges"), STR("bytes"));
	/* A file goes with its message, and the right to it with membership: caches ask each time. */
	api_call_header(c, STR("Cache-Control"),
		s->ask.what == DOWNLOAD_FILE ? STR("private, no-cache")
					     : STR("private, max-age=3600"));
	api_call_header(c, STR("Content-Disposition"), disposition);
	api_call_header(c, STR("Content-Security-Policy"), STR("default-src 'none'; sandbox"));
	api_call_header(c, STR("Cross-Origin-Resource-Policy"),
		c->api->o.config->cors_origin.n ? STR("cross-origin") : STR("same-origin"));
	return true;
}

static void answer_whole(struct api_call *c, struct serving *s)
{
	struct web_segment all = { .offset = 0, .length = s->size };

	api_call_header(c, STR("Content-Type"), s->found.mime);
	api_call_answer_file(c, 200, &(struct api_call_file){ s->fd, &all, 1, STR("") });
}

static void answer_one(
	struct api_call *c, struct serving *s, const struct http_range *range, struct buf *heads)
{
	struct web_segment part = { .offset = range->first, .length = range->size };

	http_range_content_range(heads, range, s->size);
	api_call_header(c, STR("Content-Range"), buf_str(heads));
	api_call_header(c, STR("Content-Type"), s->found.mime);
	api_call_answer_file(c, 206, &(struct api_call_file){ s->fd, &part, 1, STR("") });
}

static void answer_several(
	struct api_call *c, struct serving *s, const struct http_ranges *ranges, struct buf *heads)
{
	struct http_range_segment plan[RANGES_MAX + 1];
	struct web_segment parts[RANGES_MAX];
	char boundary[UUID_TEXT_BYTES];

	uuid_text(ask_id(&c->ask.ask, 0), boundary);
	struct http_range_parts common = { s->found.mime, { boundary, sizeof boundary }, s->size };
	struct str type = arena_printf(
		&c->arena, "multipart/byteranges; boundary=%.*s", UUID_TEXT_BYTES, boundary);
	(void)http_range_multipart(ranges, &common, heads, plan);
	if (buf_failed(heads) || !type.p) {
		close(s->fd);
		api_call_fail(c, ERR_NOMEM, 0, NULL);
		return;
	}
	for (size_t i = 0; i < ranges->count; i++)
		parts[i] = (struct web_segment){
			.prefix = { heads->p + plan[i].text_from, plan[i].text_size },
			.offset = plan[i].first,
			.length = plan[i].size,
		};
	const struct http_range_segment *last = &plan[ranges->count];
	api_call_header(c, STR("Content-Type"), type);
	api_call_answer_file(c, 206,
		&(struct api_call_file){ s->fd, parts, ranges->count,
			{ heads->p + last->text_from, last->text_size } });
}

static void unsatisfiable(struct api_call *c, struct serving *s, struct buf *heads)
{
	close(s->fd);
	http_range_content_range(heads, NULL, s->size);
	api_call_header(c, STR("Content-Range"), buf_str(heads));
	api_call_fail(c, ERR_BAD_REQUEST, 416, "No byte of the file is in the range.");
}

/* heads: for texts of the answer, empty. */
static void serve(struct api_call *c, struct serving *s, struct buf *heads)
{
	struct http_ranges ranges = { .kind = HTTP_RANGE_WHOLE };
	int status = http_condition_status(c->head, s->etag);

	if (status == 304 || status == 412) {
		close(s->fd);
		if (status == 412)
			api_call_fail(c, ERR_BAD_REQUEST, 412,
				"The file is not the one that If-Match names.");
		else
			api_call_answer(c, 304, NULL, STR(""));
		return;
	}
	if (c->head->method == HTTP_HEAD_GET && http_condition_range(c->head, s->etag))
		http_range_read(http_head_find(c->head, STR("Range")), s->size, &ranges);
	if (ranges.kind == HTTP_RANGE_UNSATISFIABLE)
		unsatisfiable(c, s, heads);
	else if (ranges.kind == HTTP_RANGE_WHOLE)
		answer_whole(c, s);
	else if (ranges.count == 1)
		answer_one(c, s, &ranges.range[0], heads);
	else
		answer_several(c, s, &ranges, heads);
}

static void find_done(struct job *job)
{
	struct api_call *c = api_call_of(job);
	struct serving *s = c->in;

	if (job->err) {
		api_call_fail_job(c);
		return;
	}
	if (!describe(c, s)) {
		close(s->fd);
		api_call_fail(c, ERR_NOMEM, 0, NULL);
		return;
	}
	struct buf heads = { 0 }; /* outlives the call, which serve ends */
	serve(c, s, &heads);
	buf_done(&heads);
}

/* ---- who ---- */

enum { EXPIRY_DIGITS_MAX = 12 };

static enum err read_uuid(struct api_call *c, struct str name, struct uuid *out)
{
	struct str text;
	enum err e = http_query_find(c->head->query, name, &c->arena, &text);

	return e ? e : uuid_parse(text, out);
}

/* A signature that does not hold is refused even where a token would do: an address that was
 * changed is no address. */
static enum err read_signature(struct api_call *c, struct serving *s)
{
	struct str exp;
	enum err e = http_query_find(c->head->query, STR("sig"), &c->arena, &s->signature);

	if (e == ERR_NOT_FOUND)
		return c->token.n ? ERR_OK : ERR_UNAUTHORIZED;
	s->is_signed = true;
	s->address.path = c->head->path;
	if (!e)
		e = http_query_find(c->head->query, STR("exp"), &c->arena, &exp);
	if (!e && (exp.n > EXPIRY_DIGITS_MAX || exp.p[0] == '0' ||
			  !text_digits(exp, &s->address.until_s)))
		e = ERR_UNAUTHORIZED;
	if (!e)
		e = read_uuid(c, STR("user"), &s->address.user_id);
	return e ? e : read_uuid(c, STR("session"), &s->address.session_id);
}

static enum download_what what_of(enum route_id route)
{
	switch (route) {
	case ROUTE_ID_get_audio:
		return DOWNLOAD_AUDIO;
	case ROUTE_ID_get_cover:
		return DOWNLOAD_COVER;
	case ROUTE_ID_get_avatar:
		return DOWNLOAD_AVATAR;
	default:
		return DOWNLOAD_FILE;
	}
}

void api_download_begin(struct api_call *c)
{
	struct serving *s = ARENA_NEW(&c->arena, struct serving);

	c->in = s;
	if (!s) {
		api_call_fail(c, ERR_NOMEM, 0, NULL);
		return;
	}
	s->ask.what = what_of(c->route);
	if (read_signature(c, s))
		api_call_fail(c, ERR_UNAUTHORIZED, 0, no_right);
	else if (uuid_parse(c->id, &s->ask.id))
		api_call_fail(c, ERR_BAD_REQUEST, 0, "The id in the path is not a UUID.");
	else
		api_call_submit(c, PLACE_READER, run_find, find_done);
}

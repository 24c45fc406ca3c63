/* SPDX-License-Identifier: MIT
 *
 * http_answer - see http_answer.h: the head is gathered until its empty line, then taken apart line by line.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#include "http/http_answer.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/http_chunked.h"
#include "http/http_response.h"

enum phase { IN_HEAD, IN_BODY, IN_CHUNKS, UNTIL_END, OTHER_PROTOCOL, BROKEN };

struct http_answer_work {
	enum phase phase;
	struct buf block; /* from the status line to the empty line */
	struct http_answer_head head;
	struct http_header headers[HEADER_COUNT_MAX]; /* point into block */
	uint64_t left, size;                          /* bytes of the body: to come, so far */
	struct http_chunked chunked;
};

static const char no_memory[] = "There is no memory for the server's answer.";
static const char malformed[] = "The server's answer is not HTTP.";

void http_answer_init(struct http_answer *r, const struct http_answer_sink *sink, void *context,
	uint64_t body_max)
{
	*r = (struct http_answer){ .sink = sink, .context = context, .body_max = body_max };
}

void http_answer_done(struct http_answer *r)
{
	if (r->work)
		buf_done(&r->work->block);
	free(r->work);
	r->work = NULL;
}

static void fail(struct http_answer *r, const char *why)
{
	r->work->phase = BROKEN;
	r->sink->error(r->context, why);
}

static void finish(struct http_answer *r)
{
	r->sink->end(r->context);
	http_answer_done(r);
}

/* ---- the head ---- */

/* "HTTP/1.1 200 OK", the last part optional (RFC 9112 section 4). */
static bool status_line(struct str line, struct http_answer_head *h)
{
	if (line.n < 12 || memcmp(line.p, "HTTP/1.", 7) != 0 || line.p[8] != ' ')
		return false;
	if (line.p[7] != '0' && line.p[7] != '1')
		return false;
	if (line.n > 12 && line.p[12] != ' ')
		return false;
	h->status = 0;
	for (size_t i = 9; i < 12; i++) {
		if (line.p[i] < '0' || line.p[i] > '9')
			return false;
		h->status = h->status * 10 + (line.p[i] - '0');
	}
	h->fields.minor_version = line.p[7] - '0';
	return h->status >= 100 && h->status <= 599;
}

static bool field_line(struct str line, struct http_header *out)
{
	const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;

	if (!colon || colon == line.p)
		return false;
	out->name = (struct str){ line.p, (size_t)(colon - line.p) };
	for (size_t i = 0; i < out->name.n; i++) {
		if (!http_head_is_token(out->name.p[i]))
			return false;
	}
	out->value = str_trim(str_after(line, out->name.n + 1));
	for (size_t i = 0; i < out->value.n; i++) {
		unsigned char c = (unsigned char)out->value.p[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* Where the body ends (RFC 9112 section 6.3). NULL, or what is wrong. */
static const char *framing(struct http_head *h)
{
	struct str value, first = { 0 };
	size_t at = 0, lengths = 0, codings = 0;

	h->content_length = HTTP_HEAD_NO_LENGTH;
	while (http_head_next(h, STR("Content-Length"), &at, &value)) {
		if (lengths++ && !str_eq(first, value))
			return "The server's answer has two lengths.";
		first = value;
	}
	for (at = 0; http_head_next(h, STR("Transfer-Encoding"), &at, &value); codings++) {
		if (codings || !http_head_same(value, STR("chunked")))
			return "The server's answer has a transfer coding that is not known.";
	}
	if (lengths && codings)
		return "The server's answer has a length and a transfer coding.";
	if (lengths && !text_digits(first, &h->content_length))
		return "The server's answer has a length that is no number.";
	h->chunked = codings > 0;
	h->keep_alive = h->minor_version > 0
	                        ? !http_head_lists(h, STR("Connection"), STR("close"))
	                        : http_head_lists(h, STR("Connection"), STR("keep-alive"));
	return NULL;
}

/* Takes the gathered block apart. NULL, or what is wrong. */
static const char *head_take(struct http_answer_work *w)
{
	struct str rest = buf_str(&w->block);
	struct http_head *h = &w->head.fields;

	*h = (struct http_head){ .headers = w->headers };
	for (size_t i = 0; rest.n > 2; i++) {
		const char *lf = memchr(rest.p, '\n', rest.n);
		size_t n = (size_t)(lf - rest.p);
		if (n == 0 || rest.p[n - 1] != '\r')
			return malformed;
		struct str line = { rest.p, n - 1 };
		rest = str_after(rest, n + 1);
		if (i == 0 && !status_line(line, &w->head))
			return malformed;
		if (i > HEADER_COUNT_MAX)
			return "The server's answer has too many header fields.";
		if (i > 0 && !field_line(line, &w->headers[h->header_count++]))
			return malformed;
	}
	return str_eq(rest, STR("\r\n")) && w->head.status ? framing(h) : malformed;
}

static enum phase phase_after(const struct http_answer *r)
{
	const struct http_answer_head *h = &r->work->head;

	if (h->status == 101)
		return OTHER_PROTOCOL;
	if (r->to == HTTP_ANSWER_TO_CONNECT && h->status >= 200 && h->status < 300)
		return OTHER_PROTOCOL;
	if (h->fields.chunked && !http_response_is_bare(h->status))
		return IN_CHUNKS;
	if (h->fields.content_length == HTTP_HEAD_NO_LENGTH && !http_response_is_bare(h->status))
		return UNTIL_END;
	return IN_BODY;
}

static void head_out(struct http_answer *r)
{
	struct http_answer_work *w = r->work;
	const char *why = head_take(w);

	if (why) {
		fail(r, why);
		return;
	}
	if (w->head.status < 200 && w->head.status != 101) { /* another head follows */
		http_answer_done(r);
		return;
	}
	w->phase = phase_after(r);
	w->left = w->head.fields.content_length > 0 && !http_response_is_bare(w->head.status)
	                  ? (uint64_t)w->head.fields.content_length
	                  : 0;
	if (w->phase == UNTIL_END)
		w->head.fields.keep_alive = false;
	r->sink->head(r->context, &w->head);
	if (w->phase == IN_BODY && w->left > r->body_max)
		fail(r, "The server's answer is too large.");
	else if (w->phase == IN_BODY && w->left == 0)
		finish(r);
}

/* How many bytes of b, with those before it, end with an empty line; 0 when none do. */
static size_t block_end(struct str b, size_t from)
{
	while (from < b.n) {
		const char *lf = memchr(b.p + from, '\n', b.n - from);
		if (!lf)
			return 0;
		size_t at = (size_t)(lf - b.p);
		if ((at >= 3 && memcmp(lf - 3, "\r\n\r\n", 4) == 0) ||
			(at >= 1 && lf[-1] == '\n') || at == 0)
			return at + 1;
		from = at + 1;
	}
	return 0;
}

static size_t head_feed(struct http_answer *r, struct str bytes)
{
	struct http_answer_work *w = r->work;
	size_t before = w->block.n, room = HEADER_BLOCK_MAX - before;

	buf_append(&w->block, (struct str){ bytes.p, bytes.n < room ? bytes.n : room });
	if (buf_failed(&w->block)) {
		fail(r, no_memory);
		return bytes.n;
	}
	size_t end = block_end(buf_str(&w->block), before);
	if (end == 0 && bytes.n > room) {
		fail(r, "The server's answer has too large a head.");
		return bytes.n;
	}
	if (end == 0)
		return bytes.n;
	w->block.n = end;
	head_out(r);
	return end - before;
}

/* ---- the body ---- */

static void piece_out(struct http_answer *r, struct str piece)
{
	r->work->size += piece.n;
	if (r->work->size > r->body_max)
		fail(r, "The server's answer is too large.");
	else
		r->sink->body(r->context, piece);
}

static size_t body_feed(struct http_answer *r, struct str bytes)
{
	struct http_answer_work *w = r->work;
	size_t n = w->phase == UNTIL_END || bytes.n < w->left ? bytes.n : (size_t)w->left;

	piece_out(r, (struct str){ bytes.p, n });
	if (w->phase != IN_BODY)
		return n;
	w->left -= n;
	if (w->left == 0)
		finish(r);
	return n;
}

static size_t chunks_feed(struct http_answer *r, struct str bytes)
{
	struct http_answer_work *w = r->work;
	struct str rest = bytes, piece;

	while (w->phase == IN_CHUNKS && rest.n && w->chunked.state != HTTP_CHUNKED_END) {
		if (http_chunked_next(&w->chunked, &rest, &piece))
			fail(r, "The server's answer has malformed chunks.");
		else if (piece.n)
			piece_out(r, piece);
	}
	if (w->phase == IN_CHUNKS && w->chunked.state == HTTP_CHUNKED_END)
		finish(r);
	return bytes.n - rest.n;
}

size_t http_answer_feed(struct http_answer *r, struct str bytes)
{
	struct str rest = bytes;
	bool in_answer = true;

	while (rest.n && in_answer) {
		if (!r->work)
			r->work = calloc(1, sizeof *r->work);
		if (!r->work) {
			r->sink->error(r->context, no_memory);
			return bytes.n;
		}
		bool in_head = r->work->phase == IN_HEAD;
		switch (r->work->phase) {
		case IN_HEAD:
			rest = str_after(rest, head_feed(r, rest));
			break;
		case IN_BODY:
		case UNTIL_END:
			rest = str_after(rest, body_feed(r, rest));
			break;
		case IN_CHUNKS:
			rest = str_after(rest, chunks_feed(r, rest));
			break;
		default:
			return bytes.n - rest.n;
		}
		in_answer = r->work || in_head;
	}
	return bytes.n - rest.n;
}

void http_answer_gone(struct http_answer *r)
{
	if (!r->work || r->work->phase == BROKEN || r->work->phase == OTHER_PROTOCOL)
		return;
	if (r->work->phase == UNTIL_END)
		finish(r);
	else
		fail(r, "The server closed the connection in the middle of its answer.");
}

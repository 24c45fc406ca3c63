/* SPDX-License-Identifier: MIT
 *
 * http_request - the header block is gathered until its empty line, then looked at three times: are
 * its lines well formed (what http-parser lets pass), what are its parts (http-parser), do they
 * agree with one another. The one file that knows of http-parser.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#include "http/http_request.h"

#include <http_parser.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "http/http_chunked.h"

struct http_request_work {
	enum http_request_phase phase;
	struct buf block;      /* from the request line to the empty line */
	size_t line_start;     /* of the line in block that is not complete */
	size_t line_count;     /* complete lines in block, the request line included */
	size_t skipped;        /* bytes of empty lines before the request line */
	struct http_head head; /* points into block and headers */
	struct http_header *headers;
	bool value_came;    /* http-parser gave a value since the last name */
	struct str target;  /* the request target, as http-parser found it */
	uint64_t body_left; /* of Content-Length */
	uint64_t body_max, body_size;
	struct http_chunked chunked;
};

/* What is wrong with a head: a status of 0 means nothing. */
struct fault {
	int status;
	const char *why;
};

static const struct fault no_fault = { 0, NULL };

void http_request_init(struct http_request *r, const struct http_request_sink *sink, void *context)
{
	*r = (struct http_request){ .sink = sink, .context = context };
}

void http_request_done(struct http_request *r)
{
	if (r->work) {
		buf_done(&r->work->block);
		free(r->work->headers);
		free(r->work);
	}
	r->work = NULL;
}

void http_request_next(struct http_request *r)
{
	http_request_done(r);
}

enum http_request_phase http_request_phase(const struct http_request *r)
{
	return r->work ? r->work->phase : HTTP_REQUEST_IDLE;
}

void http_request_limit_body(struct http_request *r, uint64_t max)
{
	if (r->work)
		r->work->body_max = max;
}

static void fail(struct http_request *r, struct fault f)
{
	r->work->phase = HTTP_REQUEST_BROKEN;
	r->sink->error(r->context, f.status, f.why);
}

/* ---- first look: the lines ---- */

static bool is_version(struct str s)
{
	return s.n == 8 && memcmp(s.p, "HTTP/", 5) == 0 && s.p[5] >= '0' && s.p[5] <= '9' &&
	       s.p[6] == '.' && s.p[7] >= '0' && s.p[7] <= '9';
}

static struct str until(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return (struct str){ s.p, at ? (size_t)(at - s.p) : s.n };
}

/* method SP target SP version, and no other space (RFC 9112 section 3). */
static struct fault request_line_check(struct str line)
{
	static const struct fault bad = { 400, "The request line is malformed." };
	struct str method = until(line, ' ');

	if (method.n == 0 || method.n == line.n)
		return bad;
	for (size_t i = 0; i < method.n; i++) {
		if (!http_head_is_token(method.p[i]))
			return bad;
	}
	struct str rest = str_after(line, method.n + 1);
	struct str target = until(rest, ' ');
	if (target.n == 0 || target.n == rest.n)
		return bad;
	for (size_t i = 0; i < target.n; i++) {
		unsigned char c = (unsigned char)target.p[i];
		if (c <= ' ' || c >= 0x7f || c == '#')
			return (struct fault){
				400,
				"The request target holds a character that must be percent-encoded."
			};
	}
	struct str version = str_after(rest, target.n + 1);
	if (!is_version(version))
		return bad;
	if (version.p[5] != '1')
		return (struct fault){ 505, "Only HTTP/1.1 and HTTP/1.0 are spoken here." };
	return no_fault;
}

static struct fault field_line_check(struct str line)
{
	struct str name = until(line, ':');

	if (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
		return (struct fault){ 400, "A header field is folded over several lines." };
	if (name.n == 0 || name.n == line.n)
		return (struct fault){ 400, "A header field has no name or no colon." };
	for (size_t i = 0; i < name.n; i++) {
		if (!http_head_is_token(name.p[i]))
			return (struct fault){ 400,
				"A header field's name holds a character that it may not." };
	}
	for (size_t i = name.n + 1; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return (struct fault){ 400,
				"A header field's value holds a control character." };
	}
	return no_fault;
}

/* Each line of the block ends with CRLF: lines_take has seen to it. */
static struct fault lines_check(const struct http_request_work *w)
{
	struct str rest = buf_str(&w->block);

	for (size_t i = 0; i < w->line_count; i++) {
		struct str line = until(rest, '\n');
		rest = str_after(rest, line.n + 1);
		line.n--; /* the CR */
		struct fault f = i == 0 ? request_line_check(line) : field_line_check(line);
		if (f.status)
			return f;
	}
	return no_fault;
}

/* ---- second look: http-parser takes the parts out ---- */

static int on_url(http_parser *p, const char *at, size_t n)
{
	struct http_request_work *w = p->data;

	if (w->target.n == 0)
		w->target.p = at;
	w->target.n += n;
	return 0;
}

static int on_name(http_parser *p, const char *at, size_t n)
{
	struct http_request_work *w = p->data;

	if (w->head.header_count == 0 || w->value_came) {
		if (w->head.header_count ==
			w->line_count) /* room was made for as many as there are lines */
			return 1;
		w->headers[w->head.header_count++].name = (struct str){ at, 0 };
		w->value_came = false;
	}
	w->headers[w->head.header_count - 1].name.n += n;
	return 0;
}

static int on_value(http_parser *p, const char *at, size_t n)
{
	struct http_request_work *w = p->data;

	if (w->head.header_count == 0)
		return 1;
	struct str *value = &w->headers[w->head.header_count - 1].value;
	if (!w->value_came)
		*value = (struct str){ at, 0 };
	w->value_came = true;
	value->n += n;
	return 0;
}

static int on_head_end(http_parser *p)
{
	(void)p;
	return 2; /* there is nothing behind it for http-parser: bodies are read here */
}

static const http_parser_settings callbacks = {
	.on_url = on_url,
	.on_header_field = on_name,
	.on_header_value = on_value,
	.on_headers_complete = on_head_end,
};

static struct fault parts_fault(enum http_errno error)
{
	switch (error) {
	case HPE_INVALID_METHOD:
	case HPE_INVALID_TRANSFER_ENCODING:
		return (struct fault){ 501,
			"The method or the transfer coding is not known here." };
	case HPE_UNEXPECTED_CONTENT_LENGTH:
		return (struct fault){ 400,
			"Content-Length is given twice, or beside Transfer-Encoding." };
	case HPE_INVALID_CONTENT_LENGTH:
		return (struct fault){ 400, "Content-Length is not a number of bytes." };
	default:
		return (struct fault){ 400, "The request's head is malformed." };
	}
}

static enum http_head_method method_of(unsigned method)
{
	static const struct {
		enum http_head_method ours;
		unsigned theirs;
	} methods[] = {
		{ HTTP_HEAD_GET, HTTP_GET },
		{ HTTP_HEAD_HEAD, HTTP_HEAD },
		{ HTTP_HEAD_POST, HTTP_POST },
		{ HTTP_HEAD_PUT, HTTP_PUT },
		{ HTTP_HEAD_PATCH, HTTP_PATCH },
		{ HTTP_HEAD_DELETE, HTTP_DELETE },
		{ HTTP_HEAD_OPTIONS, HTTP_OPTIONS },
	};

	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		if (methods[i].theirs == method)
			return methods[i].ours;
	}
	return HTTP_HEAD_OTHER;
}

static struct fault parts_take(struct http_request_work *w)
{
	http_parser p;

	w->headers = calloc(w->line_count, sizeof *w->headers);
	if (!w->headers)
		return (struct fault){ 503, "The server is out of memory; try again later." };
	http_parser_init(&p, HTTP_REQUEST);
	p.data = w;
	size_t n = http_parser_execute(&p, &callbacks, w->block.p, w->block.n);
	enum http_errno error = HTTP_PARSER_ERRNO(&p);
	if (error != HPE_OK)
		return parts_fault(error);
	if (n != w->block.n || w->head.header_count != w->line_count - 1)
		return (struct fault){ 400, "The request's head is malformed." };
	if (p.method == HTTP_CONNECT)
		return (struct fault){ 501, "This server is no proxy." };
	for (size_t i = 0; i < w->head.header_count; i++)
		w->headers[i].value = str_trim(w->headers[i].value);
	w->head.headers = w->headers;
	w->head.method = method_of(p.method);
	w->head.method_name = until(buf_str(&w->block), ' ');
	w->head.minor_version = p.http_minor > 0;
	return no_fault;
}

/* ---- third look: do the parts agree? ---- */

/* Origin form, absolute form (of which the path counts), or "*" (RFC 9112 section 3.2). */
static struct fault target_check(struct http_request_work *w)
{
	struct str t = w->target;

	if (t.p[0] != '/' && !(str_eq(t, STR("*")) && w->head.method == HTTP_HEAD_OPTIONS)) {
		if (t.n < 8 || !http_head_same((struct str){ t.p, 4 }, STR("http")))
			return (struct fault){ 400, "The request target is not a path." };
		t = str_after(t, t.p[4] == ':' ? 7 : 8);
		t = str_after(t, until(t, '/').n);
		if (t.n == 0)
			return (struct fault){ 400, "The request target has no path." };
	}
	w->head.path = until(t, '?');
	w->head.query = str_after(t, w->head.path.n);
	if (w->head.query.n)
		w->head.query = str_after(w->head.query, 1);
	return no_fault;
}

static size_t field_count(const struct http_head *h, struct str name)
{
	struct str value;
	size_t at = 0, count = 0;

	while (http_head_next(h, name, &at, &value))
		count++;
	return count;
}

static struct fault host_check(const struct http_head *h)
{
	struct str host = http_head_find(h, STR("Host"));
	size_t count = field_count(h, STR("Host"));

	if (count > 1 || (count == 0 && h->minor_version > 0))
		return (struct fault){ 400, "There must be exactly one Host field." };
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		if (!http_head_is_token(c) && !strchr(":[]()=;", c))
			return (struct fault){ 400, "The Host field is malformed." };
	}
	return no_fault;
}

static struct fault framing_check(struct http_head *h)
{
	size_t lengths = field_count(h, STR("Content-Length"));
	size_t codings = field_count(h, STR("Transfer-Encoding"));

	h->content_length = HTTP_HEAD_NO_LENGTH;
	if (lengths > 1 || codings > 1 || (lengths && codings))
		return (struct fault){ 400, "The body's length is given more than once." };
	if (lengths && !text_digits(http_head_find(h, STR("Content-Length")), &h->content_length))
		return (struct fault){ 400, "Content-Length is not a number of bytes." };
	if (codings && h->minor_version == 0)
		return (struct fault){ 400, "HTTP/1.0 has no Transfer-Encoding." };
	if (codings && !http_head_same(http_head_find(h, STR("Transfer-Encoding")), STR("chunked")))
		return (struct fault){ 501, "The only transfer coding known here is chunked." };
	h->chunked = codings > 0;
	return no_fault;
}

static struct fault connection_check(struct http_head *h)
{
	struct str expect = http_head_find(h, STR("Expect"));

	h->upgrade = http_head_lists(h, STR("Connection"), STR("upgrade")) &&
	             http_head_lists(h, STR("Upgrade"), STR("websocket")) && h->minor_version > 0;
	if (h->upgrade && (h->chunked || h->content_length > 0))
		return (struct fault){ 400, "A request to upgrade must have no body." };
	h->keep_alive = h->minor_version > 0
	                        ? !http_head_lists(h, STR("Connection"), STR("close"))
	                        : http_head_lists(h, STR("Connection"), STR("keep-alive"));
	if (expect.n && !http_head_same(expect, STR("100-continue")))
		return (struct fault){ 417, "The only expectation known here is 100-continue." };
	h->expects_continue = expect.n && h->minor_version > 0;
	return no_fault;
}

static struct fault head_check(struct http_request_work *w)
{
	struct fault f = lines_check(w);

	if (!f.status)
		f = parts_take(w);
	if (!f.status)
		f = target_check(w);
	if (!f.status)
		f = host_check(&w->head);
	if (!f.status)
		f = framing_check(&w->head);
	if (!f.status)
		f = connection_check(&w->head);
	return f;
}

/* ---- gathering, and the body ---- */

/* Looks at the bytes behind the last complete line. True when the empty line, or a fault, has been
 * found. */
static bool lines_take(struct http_request_work *w, size_t from, size_t *end, struct fault *f)
{
	struct str block = buf_str(&w->block);

	while (from < block.n) {
		const char *lf = memchr(block.p + from, '\n', block.n - from);
		if (!lf)
			return false;
		size_t at = (size_t)(lf - block.p);
		from = at + 1;
		if (at == 0 || block.p[at - 1] != '\r') {
			*f = (struct fault){ 400, "A line ends with LF instead of CRLF." };
			return true;
		}
		bool empty = at - 1 == w->line_start;
		if (empty && w->line_count) {
			*end = from;
			return true;
		}
		w->line_start = from;
		if (empty) { /* RFC 9112 section 2.2: some clients send one behind a body */
			w->skipped = from;
			continue;
		}
		if (++w->line_count > HEADER_COUNT_MAX + 1) {
			*f = (struct fault){ 431, "The request has too many header fields." };
			return true;
		}
	}
	return false;
}

static void finish(struct http_request *r)
{
	r->sink->end(r->context);
	http_request_done(r);
}

static void head_out(struct http_request *r)
{
	struct http_request_work *w = r->work;
	struct fault f = head_check(w);

	if (f.status) {
		fail(r, f);
		return;
	}
	w->phase = w->head.upgrade ? HTTP_REQUEST_UPGRADED : HTTP_REQUEST_IN_BODY;
	w->body_left = w->head.content_length > 0 ? (uint64_t)w->head.content_length : 0;
	r->sink->head(r->context, &w->head);
	if (w->head.upgrade)
		return;
	if (w->body_left > w->body_max)
		fail(r, (struct fault){ 413, "The request's body is too large." });
	else if (!w->head.chunked && w->body_left == 0)
		finish(r);
}

static size_t head_feed(struct http_request *r, struct str bytes)
{
	struct http_request_work *w = r->work;
	size_t before = w->block.n, end = 0;
	size_t room = HEADER_BLOCK_MAX - before;
	struct fault f = no_fault;

	buf_append(&w->block, (struct str){ bytes.p, bytes.n < room ? bytes.n : room });
	if (buf_failed(&w->block)) {
		fail(r, (struct fault){ 503, "The server is out of memory; try again later." });
		return bytes.n;
	}
	bool found = lines_take(w, before, &end, &f);
	if (!found && bytes.n > room)
		f = (struct fault){ 431, "The request's header block is too large." };
	if (f.status) {
		fail(r, f);
		return bytes.n;
	}
	if (!found)
		return bytes.n;
	w->block.n = end;
	buf_drop(&w->block, w->skipped);
	head_out(r);
	return end - before;
}

static void piece_out(struct http_request *r, struct str piece)
{
	r->work->body_size += piece.n;
	if (r->work->body_size > r->work->body_max)
		fail(r, (struct fault){ 413, "The request's body is too large." });
	else
		r->sink->body(r->context, piece);
}

static size_t chunked_feed(struct http_request *r, struct str bytes)
{
	struct http_request_work *w = r->work;
	struct str rest = bytes, piece;

	while (w->phase == HTTP_REQUEST_IN_BODY && rest.n && w->chunked.state != HTTP_CHUNKED_END) {
		enum err e = http_chunked_next(&w->chunked, &rest, &piece);
		if (e == ERR_TOO_LARGE)
			fail(r, (struct fault){
					431, "Chunk extensions or trailers are too large." });
		else if (e)
			fail(r, (struct fault){ 400, "The body's chunked framing is malformed." });
		else if (piece.n)
			piece_out(r, piece);
	}
	if (w->chunked.state == HTTP_CHUNKED_END)
		finish(r);
	return bytes.n - rest.n;
}

static size_t body_feed(struct http_request *r, struct str bytes)
{
	struct http_request_work *w = r->work;
	size_t n = bytes.n < w->body_left ? bytes.n : (size_t)w->body_left;

	if (w->head.chunked)
		return chunked_feed(r, bytes);
	w->body_left -= n;
	if (n)
		piece_out(r, (struct str){ bytes.p, n });
	if (w->body_left == 0 && w->phase == HTTP_REQUEST_IN_BODY)
		finish(r);
	return n;
}

static size_t begin(struct http_request *r, struct str bytes)
{
	r->work = calloc(1, sizeof *r->work);
	if (!r->work) {
		r->sink->error(r->context, 503, "The server is out of memory; try again later.");
		return bytes.n;
	}
	r->work->phase = HTTP_REQUEST_IN_HEAD;
	r->work->body_max = UINT64_MAX;
	return 0;
}

size_t http_request_feed(struct http_request *r, struct str bytes)
{
	struct str rest = bytes;

	if (bytes.n == 0)
		return 0;
	if (!r->work && begin(r, bytes))
		return bytes.n;
	while (r->work && rest.n) {
		switch (r->work->phase) {
		case HTTP_REQUEST_IN_HEAD:
			rest = str_after(rest, head_feed(r, rest));
			break;
		case HTTP_REQUEST_IN_BODY:
			rest = str_after(rest, body_feed(r, rest));
			break;
		default:
			return bytes.n - rest.n;
		}
	}
	return bytes.n - rest.n;
}

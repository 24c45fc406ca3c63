/* SPDX-License-Identifier: MIT
 *
 * host_deflate - where compression meets a connection: permessage-deflate for WebSocket, content codings for polls.
 *
 * Layer: host.  Threads: the loop's.
 */
#include "host/host_inside.h"
#include "http/http_coding.h"
#include "http/http_response.h"
#include "ws/ws_deflate.h"

void host_deflate_accept(struct host_peer *p, const struct http_head *head, struct buf *fields)
{
	CLEANUP(buf_done) struct buf answer = { 0 };
	struct sio_server *s = p->server;
	struct str offers;
	size_t at = 0;

	while (s->options.per_message_deflate && !p->ws.deflate_bits &&
		http_head_next(head, STR("Sec-WebSocket-Extensions"), &at, &offers))
		p->ws.deflate_bits = (uint8_t)ws_deflate_accept(offers, &answer);
	if (!p->ws.deflate_bits)
		return;
	p->ws.deflate = p->thread->deflate;
	http_response_field(fields, STR("Sec-WebSocket-Extensions"), buf_str(&answer));
}

struct frame *host_deflate_frame(struct host_peer *p, struct frame *f)
{
	const struct sio_server *s = p->server;

	if (!p->ws.deflate_bits || f->uncompressed)
		return f;
	return ws_deflate_frame(p->thread->deflate, f, p->ws.deflate_bits,
		s->options.per_message_deflate_threshold);
}

bool host_deflate_body(
	const struct web_request *r, struct str body, struct buf *fields, struct buf *out)
{
	static const char *const codings[] = {
		[DEFLATE_GZIP] = "gzip", [DEFLATE_ZLIB] = "deflate"
	};
	const struct sio_server *s = r->server;

	if (!s->options.http_compression || !r->http || r->uncompressed ||
		body.n < s->options.http_compression_threshold)
		return false;
	int coding = http_coding_choose(&r->head, codings, COUNT_OF(codings));
	if (coding < 0 || deflate_body(r->http->peer->thread->deflate, (enum deflate_coding)coding,
				  body, out))
		return false;
	http_response_field(fields, STR("Content-Encoding"), str_of(codings[coding]));
	return true;
}

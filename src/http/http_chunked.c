/* SPDX-License-Identifier: MIT
 *
 * http_chunked - one byte at a time but for the content, which goes through in runs.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#include "http/http_chunked.h"

#include <stdbool.h>

#include "base/limits.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_text(char c)
{
	return c == '\t' || (unsigned char)c >= 0x80 || (c >= ' ' && c != 0x7f);
}

static enum err size_digit(struct http_chunked *c, char byte)
{
	int digit = hex(byte);

	if (digit < 0 ||
		c->left >> 58) /* larger than any limit: two more digits still fit in 64 bits */
		return ERR_BAD_REQUEST;
	c->left = c->left << 4 | (uint64_t)digit;
	c->state = HTTP_CHUNKED_SIZE;
	return ERR_OK;
}

static enum err expect(struct http_chunked *c, char byte, char wanted, enum http_chunked_state then)
{
	if (byte != wanted)
		return ERR_BAD_REQUEST;
	c->state = then;
	return ERR_OK;
}

static enum err after_size(struct http_chunked *c, char byte)
{
	if (byte == '\r')
		c->state = HTTP_CHUNKED_SIZE_LF;
	else if (c->state == HTTP_CHUNKED_EXTENSION ? is_text(byte) : byte == ';')
		c->state = HTTP_CHUNKED_EXTENSION;
	else
		return size_digit(c, c->state == HTTP_CHUNKED_SIZE ? byte : 'x');
	return c->state == HTTP_CHUNKED_EXTENSION && ++c->extras > HEADER_BLOCK_MAX ? ERR_TOO_LARGE
	                                                                            : ERR_OK;
}

static enum err in_trailer(struct http_chunked *c, char byte)
{
	if (byte == '\r')
		c->state = c->state == HTTP_CHUNKED_TRAILER_FIRST ? HTTP_CHUNKED_LAST_LF
		                                                  : HTTP_CHUNKED_TRAILER_LF;
	else if (is_text(byte))
		c->state = HTTP_CHUNKED_TRAILER;
	else
		return ERR_BAD_REQUEST;
	return ++c->extras > HEADER_BLOCK_MAX ? ERR_TOO_LARGE : ERR_OK;
}

static enum err step(struct http_chunked *c, char byte)
{
	switch (c->state) {
	case HTTP_CHUNKED_SIZE_FIRST:
		return size_digit(c, byte);
	case HTTP_CHUNKED_SIZE:
	case HTTP_CHUNKED_EXTENSION:
		return after_size(c, byte);
	case HTTP_CHUNKED_SIZE_LF:
		return expect(
			c, byte, '\n', c->left ? HTTP_CHUNKED_DATA : HTTP_CHUNKED_TRAILER_FIRST);
	case HTTP_CHUNKED_DATA_CR:
		return expect(c, byte, '\r', HTTP_CHUNKED_DATA_LF);
	case HTTP_CHUNKED_DATA_LF:
		return expect(c, byte, '\n', HTTP_CHUNKED_SIZE_FIRST);
	case HTTP_CHUNKED_TRAILER_FIRST:
	case HTTP_CHUNKED_TRAILER:
		return in_trailer(c, byte);
	case HTTP_CHUNKED_TRAILER_LF:
		return expect(c, byte, '\n', HTTP_CHUNKED_TRAILER_FIRST);
	case HTTP_CHUNKED_LAST_LF:
		return expect(c, byte, '\n', HTTP_CHUNKED_END);
	case HTTP_CHUNKED_DATA:
	case HTTP_CHUNKED_END:
		break;
	}
	return ERR_BAD_REQUEST;
}

enum err http_chunked_next(struct http_chunked *c, struct str *bytes, struct str *out)
{
	*out = (struct str){ NULL, 0 };
	while (bytes->n && c->state != HTTP_CHUNKED_END) {
		if (c->state == HTTP_CHUNKED_DATA) {
			size_t n = bytes->n < c->left ? bytes->n : (size_t)c->left;
			*out = (struct str){ bytes->p, n };
			*bytes = str_after(*bytes, n);
			c->left -= n;
			if (c->left == 0)
				c->state = HTTP_CHUNKED_DATA_CR;
			return ERR_OK;
		}
		enum err e = step(c, bytes->p[0]);
		if (e)
			return e;
		*bytes = str_after(*bytes, 1);
	}
	return ERR_OK;
}

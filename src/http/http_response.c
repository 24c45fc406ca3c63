/* SPDX-License-Identifier: MIT
 *
 * http_response - see http_response.h.
 *
 * Layer: http.  Threads: one owner at a time.
 */
#include "http/http_response.h"

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 100, "Continue" },
	{ 101, "Switching Protocols" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 417, "Expectation Failed" },
	{ 426, "Upgrade Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 460, "Checksum Mismatch" }, /* tus 1.0 */
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

const char *http_response_reason(int status)
{
	for (size_t i = 0; i < COUNT_OF(reasons); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Unknown";
}

void http_response_begin(struct buf *b, int status)
{
	buf_append(b, STR("HTTP/1.1 "));
	buf_u64(b, (uint64_t)status);
	buf_byte(b, ' ');
	buf_append(b, str_of(http_response_reason(status)));
	buf_append(b, STR("\r\n"));
}

void http_response_field(struct buf *b, struct str name, struct str value)
{
	buf_append(b, name);
	buf_append(b, STR(": "));
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		buf_byte(b, (c < ' ' && c != '\t') || c == 0x7f ? ' ' : value.p[i]);
	}
	buf_append(b, STR("\r\n"));
}

void http_response_number(struct buf *b, struct str name, uint64_t value)
{
	buf_append(b, name);
	buf_append(b, STR(": "));
	buf_u64(b, value);
	buf_append(b, STR("\r\n"));
}

void http_response_end(struct buf *b)
{
	buf_append(b, STR("\r\n"));
}

bool http_response_is_bare(int status)
{
	return status < 200 || status == 204 || status == 304;
}

/* SPDX-License-Identifier: MIT
 *
 * load_text - see load_text.h.
 *
 * Layer: bench.  Threads: any.
 */
#include "load_text.h"

#include <stdio.h>
#include <string.h>

static size_t put(char *out, const char *before, const char *after)
{
	char filler[LOAD_TEXT_BYTES + 1];

	memset(filler, 'x', LOAD_TEXT_BYTES);
	filler[LOAD_TEXT_BYTES] = '\0';
	return (size_t)snprintf(out, LOAD_PACKET_MAX, "%s\"%s\"%s", before, filler, after);
}

size_t load_packet(char out[LOAD_PACKET_MAX], bool echo)
{
	return put(out, echo ? "421[\"echo\"," : "42[\"broadcast\",", "]");
}

/* In front of n bytes, of which there are less than 126: a header of two, and a mask that changes nothing. */
static size_t frame(char *out, size_t n, bool masked)
{
	size_t head = masked ? 6 : 2;

	memmove(out + head, out, n);
	memset(out, 0, head);
	out[0] = (char)0x81;
	out[1] = (char)(n | (masked ? 0x80 : 0));
	return head + n;
}

size_t load_request(char out[LOAD_PACKET_MAX], bool echo)
{
	return frame(out, load_packet(out, echo), true);
}

size_t load_frame(char out[LOAD_PACKET_MAX], bool echo)
{
	return frame(out, echo ? put(out, "431[", "]") : load_packet(out, echo), false);
}

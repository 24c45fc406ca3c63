/* SPDX-License-Identifier: MIT
 *
 * payload - several packets in one body of long polling, in the forms of both protocol revisions, written and taken
 * apart; and the wrapping of JSONP.
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#ifndef EIO_PAYLOAD_H
#define EIO_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum payload_form {
	PAYLOAD_4, /* packets with 0x1e between them, binary as 'b' and base64 */
	PAYLOAD_3, /* each behind its length in UTF-16 units and ':', binary as "b4" and base64 */
	PAYLOAD_3_OCTETS /* each behind 0 or 1, its length in bytes as digit values, and 0xff */
};

/* Appends a packet with its type digit; `text` is UTF-8. */
void payload_put_text(struct buf *body, enum payload_form form, struct str text);

/* Appends a binary message. */
void payload_put_binary(struct buf *body, enum payload_form form, struct str bytes);

/* A packet as it stands in a body, borrowed. */
struct payload_packet {
	char *p; /* text: from the type digit (or 'b') on; binary: from the type byte on */
	size_t n;
	bool binary; /* PAYLOAD_3_OCTETS alone */
};

struct payload_reader {
	enum payload_form form;
	char *p; /* what has not been read yet, n bytes; NULL when all has */
	size_t n;
};

/* body is not NULL; unless form is PAYLOAD_3_OCTETS it is UTF-8. */
struct payload_reader payload_read(enum payload_form form, char *body, size_t n);

/* The next packet, and *more; at the end *more is false. ERR_BAD_REQUEST for a malformed body, an empty one of revision 3 too. */
NODISCARD enum err payload_next(struct payload_reader *r, bool *more, struct payload_packet *out);

/* Appends ___eio[index]("body"); index: of what the client said, the digits. */
void payload_jsonp(struct buf *b, struct str index, struct str body);

/*
 * What a JSONP form carries: the value of its field d, in *out, where a line feed stands for backslash and n,
 * backslash and n for two backslashes and n. ERR_BAD_REQUEST, ERR_NOMEM.
 */
NODISCARD enum err payload_from_form(struct str form, struct buf *out);

#endif

/* SPDX-License-Identifier: MIT
 *
 * ws_deflate - permessage-deflate (RFC 7692): what a server answers to an offer, and frames in their compressed form.
 * No context is taken over from message to message, in either direction: an idle connection keeps nothing, and what
 * goes to many is compressed once.
 *
 * Layer: ws.  Threads: one owner at a time.
 */
#ifndef WS_WS_DEFLATE_H
#define WS_WS_DEFLATE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/deflate/deflate.h"
#include "base/err.h"
#include "base/frame/frame.h"
#include "base/str.h"

/*
 * Reads a Sec-WebSocket-Extensions field. Returns the window bits with which a server may compress for the first offer that
 * it can take, and appends the value of its answer's field; 0 when there is none.
 */
unsigned ws_deflate_accept(struct str offers, struct buf *answer);

/*
 * The form of f for a connection with so many window bits: messages of at least `threshold` bytes are compressed
 * where that makes them shorter. Made when it is not there; borrowed from f. Returns f itself when nothing is to be done, or
 * there is no memory.
 */
struct frame *ws_deflate_frame(struct deflate *d, struct frame *f, unsigned bits, size_t threshold);

#endif

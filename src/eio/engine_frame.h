/* SPDX-License-Identifier: MIT
 *
 * engine_frame - packets laid into frames that every transport can send: whole WebSocket messages, which
 * polling sessions translate.
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#ifndef EIO_ENGINE_FRAME_H
#define EIO_ENGINE_FRAME_H

#include "base/frame/frame.h"

/* What a packet needs besides its n bytes, at most. */
enum { ENGINE_FRAME_HEAD_MAX = 11 };

/* Appends what stands before the n bytes of a text message: the header and the type '4'. There is room. */
void engine_frame_text(struct frame *f, size_t n);

/* Appends what stands before the n bytes of a binary message. There is room. */
void engine_frame_binary(struct frame *f, size_t n);

#endif

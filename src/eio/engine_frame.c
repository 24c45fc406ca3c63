/* SPDX-License-Identifier: MIT
 *
 * engine_frame - see engine_frame.h.
 *
 * Layer: eio.  Threads: one owner at a time.
 */
#include "eio/engine_frame.h"

#include "ws/ws.h"

void engine_frame_text(struct frame *f, size_t n)
{
	ws_write_header(f, WS_TEXT, n + 1);
	frame_put_byte(f, '4');
}

void engine_frame_binary(struct frame *f, size_t n)
{
	ws_write_header(f, WS_BINARY, n);
}

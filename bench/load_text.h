/* SPDX-License-Identifier: MIT
 *
 * load_text - the bytes of the cases of load.c, as they travel: what a client sends, what a server answers.
 *
 * Layer: bench.  Threads: any.
 */
#ifndef BENCH_LOAD_TEXT_H
#define BENCH_LOAD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { LOAD_TEXT_BYTES = 100, LOAD_PACKET_MAX = LOAD_TEXT_BYTES + 64 };

/* The Socket.IO packet of a request. Returns its length. */
size_t load_packet(char out[LOAD_PACKET_MAX], bool echo);

/* The same as a client's WebSocket frame, and the frame with which a server answers. */
size_t load_request(char out[LOAD_PACKET_MAX], bool echo);
size_t load_frame(char out[LOAD_PACKET_MAX], bool echo);

#endif

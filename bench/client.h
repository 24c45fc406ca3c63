/* SPDX-License-Identifier: MIT
 *
 * client - many Socket.IO clients over WebSocket on one epoll. Shares no code with the server that it
 * measures, and does as little as it can: no frame of ours is fragmented or longer than 65,535 bytes, and
 * the server's are taken as they should be.
 *
 * Layer: bench.  Threads: one.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLIENT_READ_BYTES = 1 << 18, CLIENT_FRAME_MAX = (1 << 16) + 4 };

struct client {
	int fd;
	uint64_t received; /* counted by the case */
	size_t left_n, out_n, out_max;
	char *left; /* an incomplete frame, or NULL */
	char *out;  /* what is to be sent */
};

enum client_way {
	CLIENT_SOCKET_IO, /* joins a namespace */
	CLIENT_DEFLATE, /* the same, and offers permessage-deflate; what comes is not decompressed */
	CLIENT_WEBSOCKET, /* WebSocket alone */
	CLIENT_BARE,      /* frames from the first byte on: for bench/floor */
};

struct clients {
	struct client *v;
	enum client_way way;
	size_t count; /* for which v has room */
	size_t ready; /* in their namespace */
	int epoll;
	const char *connect; /* the packet by which a client joins its namespace, as "40" */
	struct client
		*sends; /* one that is flushed at the end of a turn, not after its bytes; or NULL */
	/* Another Socket.IO packet than CONNECT has come. What it puts on c goes out behind it. */
	void (*on_packet)(void *context, struct client *c, const char *packet, size_t n);
	void *context;
	char buffer[CLIENT_READ_BYTES + CLIENT_FRAME_MAX];
};

/* Makes room for count clients; the callbacks are the caller's to set. */
void client_init(struct clients *all, size_t count);

/* Connects the client to the port and waits until it is in its namespace. */
void client_open(struct clients *all, struct client *c, int port);

/* A text frame behind what is to be sent. */
void client_put(struct client *c, const char *text, size_t n);
void client_flush(struct client *c);

/* Waits so long at most for bytes, and takes what is there. */
void client_turn(struct clients *all, int wait_ms);

/* Turns for this time. */
void client_run(struct clients *all, double seconds);

/* A blocking TCP connection to 127.0.0.1. */
int client_connect(int port);

#endif

/* SPDX-License-Identifier: MIT
 *
 * idle_tls - what an idle Socket.IO connection with TLS costs its server in memory.
 *
 *     idle_tls PORT PID SOCKETS SECONDS
 *
 * Opens SOCKETS connections, one after the other, each through its handshake, into namespace "/", then rests. Prints the server's
 * resident bytes a socket and all together, as load does. The certificate is not looked at.
 *
 * Layer: bench.  Threads: one.
 */
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "proc.h"

enum { ANSWER_MAX = 4096 };

/* Reads until what came holds the text. */
static void wait_for(SSL *ssl, const char *text)
{
	char answer[ANSWER_MAX + 1];
	int n = 0;

	answer[0] = '\0';
	while (!memmem(answer, (size_t)n, text, strlen(text))) {
		int some = SSL_read(ssl, answer + n, ANSWER_MAX - n);
		if (some <= 0)
			proc_die("idle_tls: read");
		n += some;
	}
}

static void write_all(SSL *ssl, const char *bytes, size_t n)
{
	if (SSL_write(ssl, bytes, (int)n) != (int)n)
		proc_die("idle_tls: write");
}

static void open_one(SSL_CTX *ctx, int port)
{
	static const char upgrade[] =
		"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
	static const char connect[] = "\x81\x82\0\0\0\0"
				      "40";
	SSL *ssl = SSL_new(ctx);

	if (!ssl || SSL_set_fd(ssl, client_connect(port)) != 1 || SSL_connect(ssl) != 1)
		proc_die("idle_tls: handshake");
	write_all(ssl, upgrade, sizeof upgrade - 1);
	wait_for(ssl, "maxPayload");
	write_all(ssl, connect, sizeof connect - 1);
	wait_for(ssl, "40{");
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: idle_tls PORT PID SOCKETS SECONDS\n");
		return 64;
	}
	int port = (int)strtol(argv[1], NULL, 10), pid = (int)strtol(argv[2], NULL, 10);
	long sockets = strtol(argv[3], NULL, 10);
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (!ctx)
		proc_die("idle_tls");
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	proc_raise_files();
	double before = proc_resident_bytes(pid);
	for (long i = 0; i < sockets; i++)
		open_one(ctx, port);
	double seconds = strtod(argv[4], NULL);
	nanosleep(&(struct timespec){ .tv_sec = (time_t)seconds }, NULL);
	double bytes = proc_resident_bytes(pid);
	printf("%.0f %.0f\n", (bytes - before) / (double)sockets, bytes);
	return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * load - the cases that any Socket.IO server can be measured by.
 *
 *     load CASE[-WAY] PORT PID SOCKETS IN_FLIGHT SECONDS
 *
 * Cases: broadcast (socket 0 sends, all receive, IN_FLIGHT of them under way), echo (each socket has
 * IN_FLIGHT acknowledged events under way), idle (SOCKETS connections that do nothing). Prints one line:
 * the server's CPU microseconds a message, messages a second, and all messages with the warming up; or for idle its resident bytes a socket
 * and all together. Ways, when it is not Socket.IO: deflate, websocket, bare.
 *
 * Layer: bench.  Threads: one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "load_text.h"
#include "proc.h"

enum { IN_FLIGHT_MAX = 64, SLOTS = IN_FLIGHT_MAX * 2 };

struct load {
	struct clients all;
	size_t in_flight;
	bool echo;
	uint64_t messages;   /* received, all together */
	uint64_t broadcasts; /* that everybody has received */
	uint64_t waiting
		[SLOTS]; /* by broadcast number modulo SLOTS: how many have not received it */
};

static void put_case(const struct load *l, struct client *c)
{
	char text[LOAD_PACKET_MAX];

	client_put(c, text, load_packet(text, l->echo));
}

static void on_packet(void *context, struct client *c, const char *packet, size_t n)
{
	struct load *l = context;

	(void)packet;
	(void)n;
	l->messages++;
	if (l->echo) {
		put_case(l, c);
		return;
	}
	if (--l->waiting[c->received++ % SLOTS])
		return;
	l->waiting[l->broadcasts++ % SLOTS] = l->all.count; /* the last one has it */
	put_case(l, &l->all.v[0]);
}

static void measure(struct load *l, int pid, double seconds)
{
	for (size_t i = 0; i < l->in_flight; i++) {
		for (size_t k = 0; k < (l->echo ? l->all.count : 1); k++)
			put_case(l, &l->all.v[k]);
	}
	for (size_t k = 0; k < l->all.count; k++)
		client_flush(&l->all.v[k]);
	client_run(&l->all, 0.5); /* until both are warm */
	uint64_t messages = l->messages;
	double cpu = proc_cpu_seconds(pid), wall = proc_now();
	client_run(&l->all, seconds);
	messages = l->messages - messages;
	cpu = proc_cpu_seconds(pid) - cpu;
	wall = proc_now() - wall;
	printf("%.3f %.0f %" PRIu64 "\n", cpu * 1e6 / (double)messages, (double)messages / wall,
		l->messages);
}

static bool starts(const char *what, const char *with)
{
	return strncmp(what, with, strlen(with)) == 0;
}

static enum client_way way_of(const char *what)
{
	static const char *const names[] = { [CLIENT_DEFLATE] = "deflate",
		[CLIENT_WEBSOCKET] = "websocket",
		[CLIENT_BARE] = "bare" };
	const char *name = strchr(what, '-');

	for (int way = CLIENT_DEFLATE; name && way <= CLIENT_BARE; way++) {
		if (strcmp(name + 1, names[way]) == 0)
			return (enum client_way)way;
	}
	return CLIENT_SOCKET_IO;
}

static struct load *load_new(const char *what, size_t sockets, size_t in_flight)
{
	struct load *l = calloc(1, sizeof *l);

	if (!l || in_flight > IN_FLIGHT_MAX)
		proc_die("load");
	client_init(&l->all, sockets);
	l->all.connect = "40";
	l->all.on_packet = on_packet;
	l->all.context = l;
	l->in_flight = in_flight;
	l->echo = starts(what, "echo");
	l->all.way = way_of(what);
	l->all.sends = l->echo ? NULL : &l->all.v[0];
	for (size_t i = 0; i < SLOTS; i++)
		l->waiting[i] = sockets;
	return l;
}

int main(int argc, char **argv)
{
	if (argc != 7) {
		fprintf(stderr, "usage: load broadcast|echo|idle[-WAY] PORT PID SOCKETS IN_FLIGHT "
				"SECONDS\n");
		return 64;
	}
	int port = (int)strtol(argv[2], NULL, 10), pid = (int)strtol(argv[3], NULL, 10);
	double seconds = strtod(argv[6], NULL);
	struct load *l = load_new(argv[1], strtoul(argv[4], NULL, 10), strtoul(argv[5], NULL, 10));

	proc_raise_files();
	double before = proc_resident_bytes(pid);
	for (size_t i = 0; i < l->all.count; i++)
		client_open(&l->all, &l->all.v[i], port);
	if (!starts(argv[1], "idle")) {
		measure(l, pid, seconds);
		return 0;
	}
	client_run(&l->all, seconds);
	double bytes = proc_resident_bytes(pid);
	printf("%.0f %.0f\n", (bytes - before) / (double)l->all.count, bytes);
	return 0;
}

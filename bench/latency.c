/* SPDX-License-Identifier: MIT
 *
 * latency - how long an echo with acknowledgement takes, while something else happens to the server.
 *
 *     latency PORT SOCKETS SECONDS
 *
 * SOCKETS clients ask in turn, one question a millisecond, whatever becomes of the one before. Prints the median and the
 * 99th percentile in microseconds, and how many answers came.
 *
 * Layer: bench.  Threads: one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "load_text.h"
#include "proc.h"

enum { QUEUE = 64 };

/* When the questions that await an answer were put, for each client. */
struct asked {
	double at[QUEUE];
	size_t first, end;
};

struct latency {
	struct clients all;
	struct asked *asked;
	double *taken;
	size_t count, max;
};

static void on_packet(void *context, struct client *c, const char *packet, size_t n)
{
	struct latency *l = context;
	struct asked *a = &l->asked[c - l->all.v];

	(void)packet;
	(void)n;
	if (l->count < l->max && a->first != a->end)
		l->taken[l->count++] = proc_now() - a->at[a->first++ % QUEUE];
}

static void ask(struct latency *l, size_t i)
{
	char text[LOAD_PACKET_MAX];
	struct asked *a = &l->asked[i];

	if (a->end - a->first == QUEUE)
		return; /* it has not answered for a long time: that shows in those that wait */
	a->at[a->end++ % QUEUE] = proc_now();
	client_put(&l->all.v[i], text, load_packet(text, true));
	client_flush(&l->all.v[i]);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* A question a millisecond, until then. */
static void run(struct latency *l, double seconds)
{
	double start = proc_now();

	for (size_t i = 0; proc_now() - start < seconds;) {
		size_t due = (size_t)((proc_now() - start) * 1000);
		for (; i < due; i++)
			ask(l, i % l->all.count);
		client_turn(&l->all, 1);
	}
	client_run(&l->all, 1); /* the last answers */
}

int main(int argc, char **argv)
{
	struct latency *l = calloc(1, sizeof *l);

	if (!l || argc != 4)
		proc_die("usage: latency PORT SOCKETS SECONDS");
	int port = (int)strtol(argv[1], NULL, 10);
	double seconds = strtod(argv[3], NULL);
	client_init(&l->all, strtoul(argv[2], NULL, 10));
	l->all.connect = "40";
	l->all.on_packet = on_packet;
	l->all.context = l;
	l->max = (size_t)(seconds * 1000) + 1;
	l->asked = calloc(l->all.count, sizeof *l->asked);
	l->taken = calloc(l->max, sizeof *l->taken);
	if (!l->asked || !l->taken)
		proc_die("latency");
	proc_raise_files();
	for (size_t i = 0; i < l->all.count; i++)
		client_open(&l->all, &l->all.v[i], port);
	puts("measuring");
	fflush(stdout);
	run(l, seconds);
	if (l->count == 0)
		proc_die("latency: no answer came");
	qsort(l->taken, l->count, sizeof *l->taken, compare);
	printf("%.0f %.0f %zu\n", l->taken[l->count / 2] * 1e6, l->taken[l->count * 99 / 100] * 1e6,
		l->count);
	return 0;
}

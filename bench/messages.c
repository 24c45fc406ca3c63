/* SPDX-License-Identifier: MIT
 *
 * messages - MESSAGE_SENT through a running antiphond: each sender has one message under way, and sends the
 * next when the one before is acknowledged.
 *
 *     messages PORT PID SECONDS <ACCOUNTS
 *
 * ACCOUNTS has a line `TOKEN USER_ID` for each account: first the receiver's, then the senders'. The receiver
 * makes a private group with each sender, so that every message goes to exactly one other socket. Each is 100
 * bytes of words, which the server indexes for search, and has a clientId of its own.
 *
 * Prints one line: the server's CPU microseconds a message, messages a second, acknowledgements a flush.
 * Ends with an error when a message is refused, or does not arrive at the receiver.
 *
 * Layer: bench.  Threads: one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "proc.h"

enum {
	SENDERS_MAX = 1024,
	TOKEN_BYTES = 128,
	UUID_BYTES = 37, /* with its NUL */
	TEXT_BYTES = 100,
	PACKET_BYTES = 512,
	VOCABULARY = 4000,
	WARM_S = 1,
	DRAIN_S = 10,
};

struct account {
	char token[TOKEN_BYTES], id[UUID_BYTES], group[UUID_BYTES];
};

struct messages {
	struct clients all; /* 0 is the receiver */
	struct account accounts[SENDERS_MAX + 1];
	size_t count; /* of accounts */
	uint64_t sent, acknowledged;
	uint64_t random;
	bool measuring; /* an acknowledgement is followed by the next message */
};

/* What is read before and after. */
struct sample {
	double wall, cpu;
	uint64_t acknowledged, commits, jobs;
};

static uint32_t draw(struct messages *m, uint32_t below)
{
	m->random = m->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((m->random >> 33) % below);
}

/* A word of two to four syllables; as in a language, few of them are most of what is said. */
static size_t put_word(struct messages *m, char *out)
{
	static const char first[] = "bdfghjklmnprstvwz", second[] = "aeiou";
	uint64_t u = draw(m, VOCABULARY), v = draw(m, VOCABULARY);
	uint32_t word = (uint32_t)(u * v / VOCABULARY) * 37 + 11;
	size_t n = 0;

	do {
		out[n++] = first[word % (sizeof first - 1)];
		word /= sizeof first - 1;
		out[n++] = second[word % (sizeof second - 1)];
		word /= sizeof second - 1;
	} while (word);
	out[n++] = ' ';
	return n;
}

static void put_text(struct messages *m, char text[TEXT_BYTES + 1])
{
	char words[TEXT_BYTES + 16];
	size_t n = 0;

	while (n < TEXT_BYTES)
		n += put_word(m, words + n);
	memcpy(text, words, TEXT_BYTES);
	text[TEXT_BYTES] = '\0';
}

/* A UUID of version 7, as our client library sends. */
static void put_client_id(struct messages *m, char out[UUID_BYTES])
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	uint64_t ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
	snprintf(out, UUID_BYTES, "%08x-%04x-7%03x-8%03x-%06x%06x", (unsigned)(ms >> 16),
		(unsigned)(ms & 0xffff), (unsigned)(m->sent >> 12 & 0xfff),
		(unsigned)(m->sent & 0xfff), draw(m, 1 << 24), draw(m, 1 << 24));
}

static void put_message(struct messages *m, struct client *c)
{
	char text[TEXT_BYTES + 1], client_id[UUID_BYTES], packet[PACKET_BYTES];

	put_text(m, text);
	put_client_id(m, client_id);
	int n = snprintf(packet, sizeof packet,
		"42/"
		"chat,1[\"MESSAGE_SENT\",{\"message\":\"%s\",\"groupId\":\"%s\",\"clientId\":\"%"
		"s\"}]",
		text, m->accounts[c - m->all.v].group, client_id);
	client_put(c, packet, (size_t)n);
	m->sent++;
}

static bool begins(const char *p, size_t n, const char *with)
{
	return n >= strlen(with) && memcmp(p, with, strlen(with)) == 0;
}

/* The receiver has made a group: remembers its id for the sender at this place. */
static void take_group(struct account *a, const char *packet, size_t n)
{
	static const char before[] = "\"group\":{\"id\":\"";
	const char *at = memmem(packet, n, before, sizeof before - 1);

	if (!at || packet + n < at + sizeof before - 1 + UUID_BYTES)
		proc_die("GROUP_CREATED");
	memcpy(a->group, at + sizeof before - 1, UUID_BYTES - 1);
}

static void on_packet(void *context, struct client *c, const char *packet, size_t n)
{
	struct messages *m = context;

	if (begins(packet, n, "42/chat,[\"MESSAGE_RECEIVED\"")) {
		c->received++;
	} else if (begins(packet, n, "43/chat,0[{\"ok\":true")) {
		for (struct account *a = m->accounts + 1; a < m->accounts + m->count; a++) {
			if (!a->group[0]) {
				take_group(a, packet, n);
				return;
			}
		}
	} else if (begins(packet, n, "43/chat,1[{\"ok\":true")) {
		m->acknowledged++;
		if (m->measuring)
			put_message(m, c);
	} else if (begins(packet, n, "43") || begins(packet, n, "44")) {
		fprintf(stderr, "refused: %.*s\n", (int)n, packet);
		exit(1);
	}
}

/* One connection a socket, with the account's token. */
static void enter(struct messages *m, size_t i, int port)
{
	char connect[TOKEN_BYTES + 32];

	snprintf(connect, sizeof connect, "40/chat,{\"token\":\"%s\"}", m->accounts[i].token);
	m->all.connect = connect;
	client_open(&m->all, &m->all.v[i], port);
}

/* The receiver makes the groups, one after the other. */
static void make_groups(struct messages *m)
{
	struct client *receiver = &m->all.v[0];
	char packet[PACKET_BYTES];

	for (size_t i = 1; i < m->count; i++) {
		int n = snprintf(packet, sizeof packet,
			"42/chat,0[\"GROUP_CREATED\",{\"name\":\"bench "
			"%zu\",\"kind\":\"private\",\"members\":[\"%s\"]}]",
			i, m->accounts[i].id);
		client_put(receiver, packet, (size_t)n);
		client_flush(receiver);
		while (!m->accounts[i].group[0])
			client_turn(&m->all, 1000);
	}
}

static uint64_t metric(const char *page, const char *line)
{
	const char *at = strstr(page, line);

	if (!at)
		proc_die(line);
	return strtoull(at + strlen(line), NULL, 10);
}

static void read_metrics(int port, struct sample *s)
{
	static const char request[] =
		"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
	static char page[1 << 18];
	int fd = client_connect(port);
	size_t n = 0;
	ssize_t more;

	if (send(fd, request, sizeof request - 1, 0) < 0)
		proc_die("send");
	while ((more = recv(fd, page + n, sizeof page - 1 - n, 0)) > 0)
		n += (size_t)more;
	page[n] = '\0';
	close(fd);
	s->commits = metric(page, "\nantiphon_store_commits_total ");
	s->jobs = metric(page, "\nantiphon_store_jobs_total ");
}

static struct sample sample(struct messages *m, int port, int pid)
{
	struct sample s = {
		.wall = proc_now(), .cpu = proc_cpu_seconds(pid), .acknowledged = m->acknowledged
	};

	read_metrics(port, &s);
	return s;
}

/* All that was sent is acknowledged and has arrived. */
static void drain(struct messages *m)
{
	double until = proc_now() + DRAIN_S;

	m->measuring = false;
	while (m->acknowledged < m->sent || m->all.v[0].received < m->sent) {
		if (proc_now() > until) {
			fprintf(stderr, "of %ju sent %ju were acknowledged, %ju arrived\n",
				(uintmax_t)m->sent, (uintmax_t)m->acknowledged,
				(uintmax_t)m->all.v[0].received);
			exit(1);
		}
		client_turn(&m->all, 100);
	}
}

static void measure(struct messages *m, int port, int pid, double seconds)
{
	m->measuring = true;
	for (size_t i = 1; i < m->count; i++) {
		put_message(m, &m->all.v[i]);
		client_flush(&m->all.v[i]);
	}
	client_run(&m->all, WARM_S);
	struct sample before = sample(m, port, pid);
	client_run(&m->all, seconds);
	struct sample after = sample(m, port, pid);
	drain(m);
	double n = (double)(after.acknowledged - before.acknowledged);
	printf("%.3f %.0f %.2f\n", (after.cpu - before.cpu) * 1e6 / n,
		n / (after.wall - before.wall),
		(double)(after.jobs - before.jobs) / (double)(after.commits - before.commits));
}

int main(int argc, char **argv)
{
	struct messages *m = calloc(1, sizeof *m);

	if (argc != 4 || !m) {
		fprintf(stderr, "usage: messages PORT PID SECONDS <ACCOUNTS\n");
		return 64;
	}
	int port = (int)strtol(argv[1], NULL, 10), pid = (int)strtol(argv[2], NULL, 10);
	while (m->count <= SENDERS_MAX &&
		scanf("%127s %36s", m->accounts[m->count].token, m->accounts[m->count].id) == 2)
		m->count++;
	client_init(&m->all, m->count);
	m->all.on_packet = on_packet;
	m->all.context = m;
	m->random = 1;
	for (size_t i = 0; i < m->count; i++)
		enter(m, i, port);
	make_groups(m);
	measure(m, port, pid, strtod(argv[3], NULL));
	return 0;
}

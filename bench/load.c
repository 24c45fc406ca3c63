/* SPDX-License-Identifier: MIT
 *
 * load - a load generator for Socket.IO servers: many WebSocket clients on one epoll. It shares no code
 * with the server that it measures.
 *
 *     load CASE PORT PID SOCKETS IN_FLIGHT SECONDS
 *
 * Cases: broadcast (socket 0 sends, all receive, IN_FLIGHT of them under way), echo (each socket has
 * IN_FLIGHT acknowledged events under way), idle (SOCKETS connections that do nothing). Prints one line:
 * the server's CPU microseconds a message and messages a second, or for idle its resident bytes a socket.
 *
 * Layer: bench.  Threads: one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	READ_BYTES = 1 << 18,
	TEXT_BYTES = 100,
	EVENTS = 1024,
	LEFT_BYTES = 4096,
	IN_FLIGHT_MAX = 64
};

struct client {
	int fd;
	bool ready;    /* in its namespace */
	bool dirty;    /* has something in `out` */
	size_t left_n; /* bytes of an incomplete frame */
	size_t out_n;
	uint64_t received; /* messages of the case */
	char *left;
	char *out;
};

struct load {
	struct client *clients;
	size_t count, ready, in_flight;
	int epoll;
	bool echo;
	uint64_t messages;   /* received, all together */
	uint64_t broadcasts; /* that everybody has received */
	uint64_t behind;     /* clients that have not received the next one */
	uint64_t *
		waiting; /* by broadcast number modulo IN_FLIGHT_MAX * 2: how many have not received it */
	char buffer[READ_BYTES + LEFT_BYTES];
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The server's user and system time, in seconds, from /proc. */
static double cpu_seconds(int pid)
{
	char path[64], text[1024], *at;
	unsigned long user = 0, system_time = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *f = fopen(path, "r");
	if (!f)
		die(path);
	size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	at = strrchr(text, ')');
	if (!at || sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			   &system_time) != 2)
		die("stat");
	return (double)(user + system_time) / (double)sysconf(_SC_CLK_TCK);
}

static double resident_bytes(int pid)
{
	char path[64];
	unsigned long pages = 0;

	snprintf(path, sizeof path, "/proc/%d/statm", pid);
	FILE *f = fopen(path, "r");
	if (!f || fscanf(f, "%*u %lu", &pages) != 1)
		die(path);
	fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* A masked text frame behind what is to be sent; the mask is zero, so that text goes as it is. */
static void put(struct client *c, const char *text, size_t n)
{
	unsigned char head[8] = { 0x81, (unsigned char)(0x80 | (n < 126 ? n : 126)) };
	size_t head_n = 6;

	if (n >= 126) {
		head[2] = (unsigned char)(n >> 8);
		head[3] = (unsigned char)n;
		head_n = 8;
	}
	c->out = realloc(c->out, c->out_n + head_n + n);
	memcpy(c->out + c->out_n, head, head_n);
	memcpy(c->out + c->out_n + head_n, text, n);
	c->out_n += head_n + n;
}

static void flush(struct client *c)
{
	if (c->out_n == 0)
		return;
	if (send(c->fd, c->out, c->out_n, MSG_NOSIGNAL) != (ssize_t)c->out_n)
		die("send"); /* small enough to fit, always */
	free(c->out);
	c->out = NULL;
	c->out_n = 0;
}

static void put_case(const struct load *l, struct client *c)
{
	static const char filler[TEXT_BYTES + 1] =
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
	char text[TEXT_BYTES + 64];
	int n = snprintf(text, sizeof text,
		l->echo ? "421[\"echo\",\"%s\"]" : "42[\"broadcast\",\"%s\"]", filler);

	put(c, text, (size_t)n);
}

/* One client has one more broadcast. */
static void count_broadcast(struct load *l, struct client *c)
{
	size_t slots = IN_FLIGHT_MAX * 2;

	if (--l->waiting[c->received++ % slots])
		return;
	l->waiting[l->broadcasts++ % slots] = l->count;
	put_case(l, &l->clients[0]);
}

static void on_text(struct load *l, struct client *c, const char *p, size_t n)
{
	if (n == 1 && p[0] == '2') {
		put(c, "3", 1);
	} else if (n > 1 && p[0] == '0') {
		put(c, "40", 2);
	} else if (n > 1 && p[0] == '4' && p[1] == '0') {
		c->ready = true;
		l->ready++;
	} else if (n > 1 && p[0] == '4') {
		l->messages++;
		if (l->echo)
			put_case(l, c);
		else
			count_broadcast(l, c);
	}
}

/* Takes whole frames off the bytes; returns how many bytes they were. */
static size_t frames(struct load *l, struct client *c, const char *p, size_t n)
{
	size_t at = 0;

	while (n - at >= 2) {
		const unsigned char *b = (const unsigned char *)p + at;
		size_t head = (b[1] & 127) == 126 ? 4 : 2, length = b[1] & 127;
		if (n - at < head || (b[1] & 127) == 127)
			break;
		if (head == 4)
			length = (size_t)b[2] << 8 | b[3];
		if (n - at < head + length)
			break;
		if ((b[0] & 15) == 1)
			on_text(l, c, p + at + head, length);
		at += head + length;
	}
	return at;
}

static void on_readable(struct load *l, struct client *c)
{
	memcpy(l->buffer, c->left, c->left_n);
	ssize_t n = recv(c->fd, l->buffer + c->left_n, READ_BYTES, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		die("the server closed a connection");
	size_t have = c->left_n + (size_t)n, taken = frames(l, c, l->buffer, have);
	c->left_n = have - taken;
	if (c->left_n > LEFT_BYTES)
		die("a frame is too long");
	if (c->left_n && !c->left)
		c->left = malloc(LEFT_BYTES);
	if (c->left_n)
		memcpy(c->left, l->buffer + taken, c->left_n);
	if (c != &l->clients[0] || l->echo)
		flush(c);
}

static void turn(struct load *l, int wait_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(l->epoll, events, EVENTS, wait_ms);

	for (int i = 0; i < n; i++)
		on_readable(l, events[i].data.ptr);
	flush(&l->clients[0]); /* the sender's, together */
}

/* Connects and upgrades, blocking; the rest of the handshake goes by epoll. */
static void open_client(struct load *l, struct client *c, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	static const char request[] =
		"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
		"Firefox/128.0\r\n"
		"Accept: */*\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, "
		"deflate\r\n"
		"Origin: http://127.0.0.1\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n\r\n";
	int one = 1;
	size_t n = 0;

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to))
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (send(c->fd, request, sizeof request - 1, 0) < 0)
		die("send");
	while (n < 4 || memcmp(l->buffer + n - 4, "\r\n\r\n", 4) !=
				0) { /* a byte at a time: what follows stays */
		if (recv(c->fd, l->buffer + n++, 1, 0) != 1 || n == LEFT_BYTES)
			die("upgrade");
	}
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
	epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e);
	for (size_t before = l->ready; l->ready == before;)
		turn(l, 1000);
}

static void run_for(struct load *l, double seconds)
{
	double until = now() + seconds;

	while (now() < until)
		turn(l, 100);
}

static void measure(struct load *l, int pid, double seconds)
{
	for (size_t i = 0; i < l->in_flight; i++) {
		for (size_t k = 0; k < (l->echo ? l->count : 1); k++)
			put_case(l, &l->clients[k]);
	}
	for (size_t k = 0; k < l->count; k++)
		flush(&l->clients[k]);
	run_for(l, 0.5); /* until both are warm */
	uint64_t messages = l->messages;
	double cpu = cpu_seconds(pid), wall = now();
	run_for(l, seconds);
	messages = l->messages - messages;
	cpu = cpu_seconds(pid) - cpu;
	wall = now() - wall;
	printf("%.3f %.0f\n", cpu * 1e6 / (double)messages, (double)messages / wall);
}

int main(int argc, char **argv)
{
	static struct load l;
	struct rlimit files;

	if (argc != 7) {
		fprintf(stderr,
			"usage: load broadcast|echo|idle PORT PID SOCKETS IN_FLIGHT SECONDS\n");
		return 64;
	}
	int port = (int)strtol(argv[2], NULL, 10), pid = (int)strtol(argv[3], NULL, 10);
	l.count = strtoul(argv[4], NULL, 10);
	l.in_flight = strtoul(argv[5], NULL, 10);
	l.echo = strcmp(argv[1], "echo") == 0;
	l.clients = calloc(l.count, sizeof *l.clients);
	l.waiting = calloc(IN_FLIGHT_MAX * 2, sizeof *l.waiting);
	l.epoll = epoll_create1(0);
	if (!l.clients || !l.waiting || l.epoll < 0 || l.in_flight > IN_FLIGHT_MAX)
		die("load");
	for (size_t i = 0; i < IN_FLIGHT_MAX * 2; i++)
		l.waiting[i] = l.count;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);

	double before = resident_bytes(pid);
	for (size_t i = 0; i < l.count; i++)
		open_client(&l, &l.clients[i], port);
	if (strcmp(argv[1], "idle") != 0) {
		measure(&l, pid, strtod(argv[6], NULL));
		return 0;
	}
	run_for(&l, strtod(argv[6], NULL));
	printf("%.0f %.0f\n", (resident_bytes(pid) - before) / (double)l.count,
		resident_bytes(pid));
	return 0;
}

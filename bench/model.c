/* SPDX-License-Identifier: MIT
 *
 * model URL FOLDER SECONDS - what libantiphon costs. Makes a client on 100,000 tracks and 10,000 users that its folder keeps; then
 * another one, with a folder too, that takes what the server of bench/events.js says. Prints the milliseconds and the bytes
 * of anonymous memory of the first, the microseconds of CPU time an event and the events a second of the second.
 *
 * Layer: bench.  Threads: one.
 */
#include <antiphon/antiphon.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "client/cache.h"
#include "schema/schema_encode.h"

enum { TRACKS = 100000, PEOPLE = 10000 };

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "model: %s\n", what);
	exit(1);
}

/* ---- the file ---- */

static void keep(struct cache *c, enum model_kind kind, struct uuid id, const void *in)
{
	struct buf json = { 0 };
	struct json_writer w = json_write_into(&json);

	schema_encode(model_payload(kind), in, &w, NULL);
	cache_keep(c,
		&(struct model_record){ .kind = kind,
			.key = { (const char *)id.b, sizeof id.b },
			.rev = 1,
			.json = buf_str(&json) },
		false);
	buf_done(&json);
}

static void fill(const char *folder, const char *url)
{
	static const struct str tags[] = { { "jazz", 4 }, { "live", 4 } };
	struct rng rng = rng_system();
	struct cache *c;

	check(!cache_open(folder, url, &c), "the folder cannot be used");
	for (int i = 0; i < PEOPLE; i++) {
		struct uuid id = uuid_v7(i, &rng);
		struct user user = { .id = id,
			.username = STR("somebody"),
			.displayName = STR("Somebody Who Sings"),
			.bio = STR("About me.") };
		keep(c, MODEL_PERSON, id, &user);
	}
	for (int i = 0; i < TRACKS; i++) {
		struct uuid id = uuid_v7(i, &rng);
		struct track track = { .id = id,
			.title = STR("A title of middle length"),
			.artist = STR("The artist"),
			.album = STR("An album"),
			.genre = STR("jazz"),
			.tags = { tags, COUNT_OF(tags) },
			.audio = { .mime = STR("audio/mpeg"),
				.size = 5000000,
				.blake2b = STR("000000000000000000000000000000000000000000000000000"
					       "0000000000000"),
				.url = STR("/api/v1/tracks/0193a1b2-0000-7000-8000-000000000001/"
					   "audio?expires=1790000000&signature="
					   "0123456789abcdef0123456789abcdef0123456789") } };
		keep(c, MODEL_TRACK, id, &track);
	}
	cache_close(c);
}

static double now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static long anonymous_bytes(void)
{
	char line[256];
	long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtol(line + 8, NULL, 10);
	if (f)
		(void)fclose(f);
	return kib * 1024;
}

static void measure_load(const char *folder)
{
	struct antiphon_options options = {
		.url = "http://127.0.0.1:1", .token = "t", .folder = folder
	};
	struct antiphon *c;

	fill(folder, options.url);
	long before = anonymous_bytes();
	double begun = now_ms(CLOCK_MONOTONIC);
	check(!antiphon_new(&options, &c), "no client");
	double took = now_ms(CLOCK_MONOTONIC) - begun;
	check(antiphon_track_count(c) == TRACKS, "not all tracks are there");
	printf("%.0f\n%ld\n", took, anonymous_bytes() - before);
	antiphon_free(c);
}

/* ---- events ---- */

struct count {
	unsigned long events;
	bool in_step;
};

static void on_event(void *context, enum antiphon_event event, const void *payload)
{
	struct count *count = context;

	(void)payload;
	count->in_step |= event == ANTIPHON_SYNCHRONISED;
	count->events++;
}

static void measure_events(const char *url, const char *folder, double seconds)
{
	struct antiphon_options options = { .url = url, .token = "t", .folder = folder };
	struct antiphon *c;
	struct count count = { 0 };

	check(!antiphon_new(&options, &c), "no second client");
	antiphon_on_all(c, on_event, &count);
	check(!antiphon_connect(c) && !antiphon_synchronise(c, 10000), "no connection");
	count.events = 0;
	double cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID), begun = now_ms(CLOCK_MONOTONIC);
	double end = begun + seconds * 1e3;
	while (now_ms(CLOCK_MONOTONIC) < end) {
		struct pollfd fd = { .fd = antiphon_fd(c), .events = POLLIN };
		int64_t wait = antiphon_timeout_ms(c);
		poll(&fd, 1, wait < 0 || wait > 100 ? 100 : (int)wait);
		antiphon_process(c);
	}
	cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	double took = now_ms(CLOCK_MONOTONIC) - begun;
	check(antiphon_is_connected(c) && count.events > 1000, "the events ended");
	printf("%.3f\n%.0f\n", cpu * 1e3 / (double)count.events, (double)count.events / took * 1e3);
	antiphon_free(c);
}

int main(int argc, char **argv)
{
	char folder[2][512];

	if (argc != 4)
		return 64;
	for (int i = 0; i < 2; i++)
		snprintf(folder[i], sizeof folder[i], "%.500s/%d", argv[2], i);
	measure_load(folder[0]);
	measure_events(argv[1], folder[1], strtod(argv[3], NULL));
	return 0;
}

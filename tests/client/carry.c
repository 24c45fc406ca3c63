/* SPDX-License-Identifier: MIT
 *
 * carry up|down URL TOKEN PATH [track=ID] [folder=DIR] [stop=BYTES] [rate=BYTES] [patience=MS] - uploads a file and publishes it as a track, or
 * downloads the track's audio; cancelled after so many bytes. Prints "ready" when it is connected, then { result, id, events, from, ms }: how
 * often DOWNLOADED_TRACK came, where the transfer began, and how long it took.
 *
 * Layer: tests.  Threads: one.
 */
#include <antiphon/antiphon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct seen {
	unsigned downloaded;
	long long stop, from;
	char id[37];
};

static void on_downloaded(void *context, enum antiphon_event event, const void *payload)
{
	struct seen *seen = context;

	(void)event;
	(void)payload;
	seen->downloaded++;
}

static bool on_progress(void *context, int64_t done_bytes, int64_t total_bytes)
{
	struct seen *seen = context;

	(void)total_bytes;
	if (seen->from < 0 && done_bytes)
		seen->from = done_bytes;
	return !seen->stop || done_bytes < seen->stop;
}

static void on_published(
	void *context, const struct antiphon_answer *a, const struct antiphon_track_answer *typed)
{
	struct seen *seen = context;

	(void)a;
	if (typed)
		memcpy(seen->id, typed->track.id, sizeof seen->id);
}

static enum antiphon_result publish(struct antiphon *c, const struct antiphon_transfer *t)
{
	char upload_id[37];
	enum antiphon_result r =
		antiphon_upload(c, t, ANTIPHON_UPLOAD_PURPOSE_TRACK, NULL, upload_id);

	if (r)
		return r;
	r = antiphon_synchronise(c, 20000);
	struct antiphon_publish_track what = { .title = "carried", .uploadId = upload_id };
	return r ? r
	         : antiphon_wait(c, antiphon_publish_track(c, &what, on_published, t->context), -1);
}

static const char *option(char **argv, const char *name)
{
	size_t n = strlen(name);

	for (; *argv; argv++)
		if (strncmp(*argv, name, n) == 0 && (*argv)[n] == '=')
			return *argv + n + 1;
	return NULL;
}

static long long number(char **argv, const char *name)
{
	const char *text = option(argv, name);

	return text ? strtoll(text, NULL, 10) : 0;
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	struct antiphon *c;

	if (argc < 5)
		return 64;
	struct antiphon_options options = { .url = argv[2],
		.token = argv[3],
		.folder = option(argv, "folder"),
		.backoff_base_ms = 20,
		.backoff_max_ms = 100 };
	if (antiphon_new(&options, &c))
		return 70;
	struct seen seen = { .stop = number(argv, "stop"), .from = -1 };
	struct antiphon_transfer t = { .path = argv[4],
		.progress = on_progress,
		.context = &seen,
		.rate_max = number(argv, "rate"),
		.patience_ms = number(argv, "patience") };
	antiphon_on(c, ANTIPHON_DOWNLOADED_TRACK, on_downloaded, &seen);
	enum antiphon_result r = antiphon_connect(c);
	if (!r)
		r = antiphon_synchronise(c, 20000);
	printf("ready\n");
	fflush(stdout);
	long long begun = now_ms();
	if (!r && strcmp(argv[1], "up") == 0)
		r = publish(c, &t);
	else if (!r)
		r = antiphon_download(c, option(argv, "track"), &t);
	printf("{\"result\":\"%s\",\"id\":\"%s\",\"events\":%u,\"from\":%lld,\"ms\":%lld}\n",
		antiphon_result_code(r), seen.id, seen.downloaded, seen.from, now_ms() - begun);
	antiphon_free(c);
	return 0;
}

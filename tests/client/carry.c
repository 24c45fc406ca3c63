/* SPDX-License-Identifier: MIT
 *
 * carry up URL TOKEN PATH, carry down URL TOKEN PATH TRACK [STOP] - uploads a file and publishes it as a track, or downloads a
 * track's audio; cancelled after STOP bytes. Prints { result, id, events }: how often DOWNLOADED_TRACK came.
 *
 * Layer: tests.  Threads: one.
 */
#include <antiphon/antiphon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seen {
	unsigned downloaded;
	long long stop;
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
	const struct seen *seen = context;

	(void)total_bytes;
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

int main(int argc, char **argv)
{
	struct antiphon_options options = {
		.url = argv[2], .token = argv[3], .backoff_base_ms = 20, .backoff_max_ms = 100
	};
	struct antiphon *c;

	if (argc < 5 || antiphon_new(&options, &c))
		return 64;
	struct seen seen = { .stop = argc > 6 ? strtoll(argv[6], NULL, 10) : 0 };
	struct antiphon_transfer t = { .path = argv[4], .progress = on_progress, .context = &seen };
	antiphon_on(c, ANTIPHON_DOWNLOADED_TRACK, on_downloaded, &seen);
	enum antiphon_result r = antiphon_connect(c);
	if (!r && strcmp(argv[1], "up") == 0)
		r = publish(c, &t);
	else if (!r && !(r = antiphon_synchronise(c, 20000)))
		r = antiphon_download(c, argv[5], &t);
	printf("{\"result\":\"%s\",\"id\":\"%s\",\"events\":%u}\n", antiphon_result_code(r),
		seen.id, seen.downloaded);
	antiphon_free(c);
	return 0;
}

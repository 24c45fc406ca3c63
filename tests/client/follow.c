/* SPDX-License-Identifier: MIT
 *
 * follow DRIVER URL TOKEN [FOLDER] - a libantiphon client for tests, by antiphon.h alone.
 *
 * Each event is a line { event, payload }, each answer { answer }, the state on demand { state }. Lines on standard
 * input: "NAMESPACE EVENT JSON" makes a request, "state" prints how much is known, "dump" all of it, the end of input ends it.
 * DRIVER: loop (poll on antiphon_fd) or thread (antiphon_start, callbacks there).
 *
 * Layer: tests.  Threads: main, and the client's own.
 */
#include <antiphon/antiphon.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void on_event(void *context, enum antiphon_event event, const void *payload)
{
	char *json = antiphon_event_json(event, payload);

	(void)context;
	printf("{\"event\":\"%s\",\"payload\":%s}\n", antiphon_event_name(event),
		json ? json : "null");
	fflush(stdout);
	antiphon_text_free(json);
}

static void on_answer(void *context, const struct antiphon_answer *a)
{
	(void)context;
	printf("{\"answer\":{\"result\":\"%s\",\"json\":%s}}\n", antiphon_result_code(a->result),
		*a->json ? a->json : "null");
	fflush(stdout);
}

static void print_state(struct antiphon *c)
{
	size_t comments = 0, ratings = 0, messages = 0;

	antiphon_lock(c);
	for (size_t i = 0; i < antiphon_track_count(c); i++) {
		const char *id = antiphon_track_at(c, i)->id;
		comments += antiphon_comment_count(c, id);
		ratings += antiphon_rating_count(c, id);
	}
	for (size_t i = 0; i < antiphon_group_count(c); i++)
		messages += antiphon_message_count(c, antiphon_group_at(c, i)->id);
	printf("{\"state\":{\"users\":%zu,\"tracks\":%zu,\"comments\":%zu,\"ratings\":%zu,"
	       "\"groups\":%zu,\"messages\":%zu,\"waiting\":%zu,\"titles\":[",
		antiphon_user_count(c), antiphon_track_count(c), comments, ratings,
		antiphon_group_count(c), messages, antiphon_waiting_count(c));
	for (size_t i = 0; i < antiphon_track_count(c); i++)
		printf("%s\"%s\"", i ? "," : "", antiphon_track_at(c, i)->title);
	printf("]}}\n");
	antiphon_unlock(c);
	fflush(stdout);
}

/* One of a list, by an event that has the same payload. */
static void print_one(size_t i, enum antiphon_event event, const void *payload)
{
	char *json = antiphon_event_json(event, payload);

	printf("%s%s", i ? "," : "", json ? json : "null");
	antiphon_text_free(json);
}

static void print_track(const struct antiphon *c, size_t at)
{
	const struct antiphon_track *track = antiphon_track_at(c, at);

	printf("%s{\"track\":", at ? "," : "");
	print_one(0, ANTIPHON_NEW_TRACK, track);
	printf(",\"comments\":[");
	for (size_t i = 0; i < antiphon_comment_count(c, track->id); i++)
		print_one(i, ANTIPHON_NEW_COMMENT, antiphon_comment_at(c, track->id, i));
	printf("],\"ratings\":[");
	for (size_t i = 0; i < antiphon_rating_count(c, track->id); i++)
		print_one(i, ANTIPHON_NEW_RATING, antiphon_rating_at(c, track->id, i));
	printf("]}");
}

static void print_group(const struct antiphon *c, size_t at)
{
	const struct antiphon_group *group = antiphon_group_at(c, at);

	printf("%s{\"id\":\"%s\",\"memberCount\":%lld,\"lastSeq\":%lld,\"rev\":%lld,\"unread\":%"
	       "lld,"
	       "\"messages\":[",
		at ? "," : "", group->id, (long long)group->memberCount, (long long)group->lastSeq,
		(long long)group->rev, (long long)antiphon_unread(c, group->id));
	for (size_t i = 0; i < antiphon_message_count(c, group->id); i++)
		print_one(i, ANTIPHON_MESSAGE_SENT, antiphon_message_at(c, group->id, i));
	printf("]}");
}

static void print_dump(struct antiphon *c)
{
	antiphon_lock(c);
	printf("{\"dump\":{\"waiting\":%zu,\"users\":[", antiphon_waiting_count(c));
	for (size_t i = 0; i < antiphon_user_count(c); i++)
		print_one(i, ANTIPHON_NEW_USER, antiphon_user_at(c, i));
	printf("],\"tracks\":[");
	for (size_t i = 0; i < antiphon_track_count(c); i++)
		print_track(c, i);
	printf("],\"groups\":[");
	for (size_t i = 0; i < antiphon_group_count(c); i++)
		print_group(c, i);
	printf("],\"settings\":[");
	for (size_t i = 0; i < antiphon_setting_count(c); i++)
		print_one(i, ANTIPHON_USER_SETTINGS_UPDATED, antiphon_setting_at(c, i));
	printf("],\"notifications\":[");
	for (size_t i = 0; i < antiphon_notification_count(c); i++)
		print_one(i, ANTIPHON_NOTIFICATION_RECEIVED, antiphon_notification_at(c, i));
	printf("]}}\n");
	antiphon_unlock(c);
	fflush(stdout);
}

static void obey(struct antiphon *c, char *line)
{
	line[strcspn(line, "\n")] = 0;
	if (strcmp(line, "dump") == 0) {
		print_dump(c);
		return;
	}
	if (strcmp(line, "state") == 0) {
		print_state(c);
		return;
	}
	char *event = strchr(line, ' ');
	char *json = event ? strchr(event + 1, ' ') : NULL;
	if (!json)
		return;
	*event = *json = 0;
	(void)antiphon_request(
		c, &(struct antiphon_any){ line, event + 1, json + 1 }, on_answer, NULL);
}

/* Reads what is there, without a buffer that poll does not know of; false at the end. */
static bool read_line(struct antiphon *c)
{
	char line[65536];
	size_t n = 0;

	while (n + 1 < sizeof line) {
		if (read(0, line + n, 1) != 1)
			return false;
		if (line[n++] == '\n')
			break;
	}
	line[n] = 0;
	obey(c, line);
	return true;
}

static void run_loop(struct antiphon *c)
{
	for (;;) {
		struct pollfd fds[] = { { .fd = 0, .events = POLLIN },
			{ .fd = antiphon_fd(c), .events = POLLIN } };
		int64_t wait = antiphon_timeout_ms(c);
		poll(fds, 2, wait > 10000 ? 10000 : (int)wait);
		if (fds[0].revents && !read_line(c))
			return;
		antiphon_process(c);
	}
}

int main(int argc, char **argv)
{
	struct antiphon *c;

	if (argc < 4)
		return 64;
	struct antiphon_options options = { .url = argv[2],
		.token = argv[3],
		.folder = argc > 4 ? argv[4] : NULL,
		.backoff_base_ms = 50,
		.backoff_max_ms = 200 };
	if (getenv("FOLLOW_BACKOFF")) /* for a server that fails hundreds of times */
		options.backoff_base_ms = options.backoff_max_ms =
			strtoll(getenv("FOLLOW_BACKOFF"), NULL, 10);
	enum antiphon_result r = antiphon_new(&options, &c);
	if (r) {
		fprintf(stderr, "%s\n", antiphon_result_text(r));
		return 70;
	}
	antiphon_on_all(c, on_event, NULL);
	r = antiphon_connect(c);
	if (!r && strcmp(argv[1], "thread") == 0) {
		r = antiphon_start(c);
		while (!r && read_line(c)) {
		}
	} else if (!r) {
		run_loop(c);
	}
	antiphon_free(c);
	return r ? 70 : 0;
}

/* SPDX-License-Identifier: MIT
 *
 * now_playing URL TOKEN - tells others what you listen to, and you what they do. Each line of standard input is a title:
 *
 *     playerctl metadata --follow --format '{{artist}} - {{title}}' | now_playing http://127.0.0.1:3000 "$TOKEN"
 *
 * Layer: examples.  Threads: one.
 */
#include <antiphon/antiphon.h>
#include <stdio.h>
#include <string.h>

static void on_status(void *context, enum antiphon_event event, const void *payload)
{
	const struct antiphon_status_changed *status = payload;
	const struct antiphon_user *user = antiphon_user_find(context, status->userId);

	(void)event;
	printf("%s: %s\n", user ? user->username : status->userId, status->statusText);
	fflush(stdout);
}

static void on_told(
	void *context, const struct antiphon_answer *answer, const struct antiphon_empty *typed)
{
	(void)context;
	(void)typed;
	if (answer->result)
		fprintf(stderr, "%s\n", answer->sentence);
}

int main(int argc, char **argv)
{
	struct antiphon_options options = { .url = argv[1], .token = argc > 2 ? argv[2] : NULL };
	struct antiphon *c;
	char title[512];

	if (argc != 3 || antiphon_new(&options, &c))
		return 1;
	antiphon_on(c, ANTIPHON_USER_STATUS_CHANGED, on_status, c);
	enum antiphon_result r = antiphon_connect(c);
	if (!r)
		r = antiphon_start(
			c); /* from here on a thread of its own does what is to be done */
	if (!r)
		r = antiphon_synchronise(c, 20000);
	while (!r && fgets(title, sizeof title, stdin)) {
		title[strcspn(title, "\n")] = 0;
		struct antiphon_user_status_changed now = { .newStatus = ANTIPHON_STATUS_ONLINE,
			.statusText = title };
		antiphon_wait(c, antiphon_user_status_changed(c, &now, on_told, NULL), 20000);
	}
	if (r)
		fprintf(stderr, "%s\n", antiphon_result_text(r));
	antiphon_free(c);
	return r != ANTIPHON_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * chat - antiphon chat: the full-screen client. One loop waits for the terminal and for the client.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/chat.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/chat/complete.h"
#include "cli/chat/event.h"
#include "cli/chat/group.h"
#include "cli/chat/notice.h"
#include "cli/chat/people.h"
#include "cli/chat/screen.h"
#include "cli/chat/send.h"
#include "cli/chat/slash.h"
#include "cli/run.h"
#include "cli/session.h"

int64_t chat_now_ms(void)
{
	struct clock clock = clock_system();

	return clock_monotonic_ms(&clock);
}

void chat_done(struct chat *chat)
{
	chat_complete_end(chat);
	chat_notice_clear(chat);
	chat_send_done(chat);
	chat_people_done(chat);
	chat_line_done(&chat->line);
	arena_done(&chat->scratch);
}

/* The group that the command line names, once all groups are known: one that is not among them may be joined. */
static void open_wanted(struct chat *chat)
{
	const char *wanted = chat->wanted;

	chat->wanted = NULL;
	chat_group_settle(chat);
	chat_slash_join(chat, str_of(wanted));
}

/* The state may have changed in any way: what follows from it, then the picture. */
static void show(struct chat *chat)
{
	if (!chat_group_open_find(chat)) {
		chat->group[0] = '\0';
		chat_group_settle(chat);
	}
	if (chat->wanted && chat->synchronised)
		open_wanted(chat);
	chat_group_read(chat);
	chat_screen_draw(chat);
	arena_reset(&chat->scratch);
}

/* While an upload waits: the picture, and what is typed, but nothing is sent. False: Esc or Ctrl-C was pressed. */
static bool show_meanwhile(struct chat *chat)
{
	int32_t c = 0;
	bool go_on = true;

	chat_screen_draw(chat);
	for (enum chat_key key = chat_screen_key(chat, &c); key; key = chat_screen_key(chat, &c)) {
		if (key == CHAT_KEY_ESCAPE || key == CHAT_KEY_INTERRUPT)
			go_on = false;
		else if (key != CHAT_KEY_ENTER)
			chat_key_press(chat, key, c);
	}
	return go_on && !chat->quit;
}

static void take_keys(struct chat *chat)
{
	int32_t c = 0;

	for (enum chat_key key = chat_screen_key(chat, &c); key && !chat->quit;
		key = chat_screen_key(chat, &c))
		chat_key_press(chat, key, c);
}

static int shorter(int64_t a, int64_t b)
{
	int64_t least = a < 0 || (b >= 0 && b < a) ? b : a;

	return least > 60000 ? 60000 : (int)least;
}

/* Until one quits, or the terminal goes. */
static void loop(struct chat *chat)
{
	while (!chat->quit) {
		struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 },
			{ antiphon_fd(chat->client), POLLIN, 0 } };
		show(chat);
		int n = poll(fds, COUNT_OF(fds),
			shorter(antiphon_timeout_ms(chat->client), chat_event_typing_ends(chat)));
		if ((n < 0 && errno != EINTR) || fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			break;
		antiphon_process(chat->client);
		take_keys(chat);
	}
}

int chat_run(struct cli *c)
{
	struct chat *chat = calloc(1, sizeof *chat);
	int code = chat ? session_open_kept(c) : cli_no_memory(c);

	if (code) {
		free(chat);
		return code;
	}
	chat->c = c;
	chat->client = c->client;
	chat->wanted = cli_argument(c, 0);
	chat->new_after = -1;
	chat->changed = true;
	chat->draw = show_meanwhile;
	antiphon_on_all(chat->client, chat_event_take, chat);
	code = chat_screen_open(chat);
	if (!code) {
		enum antiphon_result result = antiphon_connect(chat->client);
		if (result)
			code = cli_fail(
				c, session_exit_code(result), "%s", antiphon_result_text(result));
		else
			loop(chat);
	}
	chat_screen_close(chat);
	antiphon_on_all(chat->client, NULL, NULL);
	session_done(c);
	chat_done(chat);
	free(chat);
	return code;
}

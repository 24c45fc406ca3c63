/* SPDX-License-Identifier: MIT
 *
 * key - see key.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/key.h"

#include <wchar.h>

#include "cli/chat/complete.h"
#include "cli/chat/group.h"
#include "cli/chat/send.h"
#include "cli/chat/slash.h"
#include "cli/chat/view.h"
#include "cli/print.h"

static void insert(struct chat *chat, int32_t c)
{
	if (c != '\n' && (print_is_harmful(c) || wcwidth((wchar_t)c) < 0))
		return;
	chat_line_insert(&chat->line, c);
	if (chat->line.text[0] != '/')
		chat_send_typing(chat);
}

/* A line was ended: a command behind a slash, a message else; two slashes are a message that begins with one. */
static void enter(struct chat *chat)
{
	struct str text = chat_line_text(&chat->line, &chat->scratch);

	while (text.n && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\n'))
		text.n--;
	if (!text.n)
		return;
	bool command = text.p[0] == '/' && !(text.n > 1 && text.p[1] == '/');
	if (!command && text.p[0] == '/')
		text = str_after(text, 1);
	if (!command && !chat_send(chat, &(struct chat_outgoing){ .text = text }))
		return; /* it stays, to be sent elsewhere */
	chat->typed_ms = 0;
	chat_line_sent(&chat->line);
	if (command)
		chat_slash_run(chat, text);
}

static void page(struct chat *chat, bool up)
{
	size_t step = chat->page_rows > 2 ? chat->page_rows - 1 : 1;

	if (up)
		chat_view_scroll(chat, chat->scroll + chat->page_rows + step);
	else
		chat->scroll -= step < chat->scroll ? step : chat->scroll;
}

static void interrupt(struct chat *chat)
{
	if (!chat->line.n)
		chat->quit = true;
	chat_line_set(&chat->line, STR(""));
}

static void edit(struct chat_line *line, enum chat_key key)
{
	static void (*const edits[])(struct chat_line * l) = {
		[CHAT_KEY_BACKSPACE] = chat_line_backspace,
		[CHAT_KEY_DELETE] = chat_line_delete,
		[CHAT_KEY_LEFT] = chat_line_left,
		[CHAT_KEY_RIGHT] = chat_line_right,
		[CHAT_KEY_UP] = chat_line_earlier,
		[CHAT_KEY_DOWN] = chat_line_later,
		[CHAT_KEY_HOME] = chat_line_home,
		[CHAT_KEY_END] = chat_line_end,
		[CHAT_KEY_KILL_WORD] = chat_line_kill_word,
		[CHAT_KEY_KILL_BEFORE] = chat_line_kill_before,
		[CHAT_KEY_KILL_AFTER] = chat_line_kill_after,
	};

	if ((size_t)key < COUNT_OF(edits) && edits[key])
		edits[key](line);
}

static void end(struct chat *chat)
{
	if (chat->line.cursor == chat->line.n)
		chat->scroll = 0; /* the line is at its end already: the messages are meant */
	chat_line_end(&chat->line);
}

void chat_key_press(struct chat *chat, enum chat_key key, int32_t code_point)
{
	if (key != CHAT_KEY_TAB)
		chat_complete_end(chat);
	switch ((int)key) {
	case CHAT_KEY_TEXT:
		insert(chat, code_point);
		break;
	case CHAT_KEY_ENTER:
		if (chat->pasting)
			insert(chat, '\n');
		else
			enter(chat);
		break;
	case CHAT_KEY_NEW_LINE:
		insert(chat, '\n');
		break;
	case CHAT_KEY_PASTE_BEGIN:
	case CHAT_KEY_PASTE_END:
		chat->pasting = key == CHAT_KEY_PASTE_BEGIN;
		break;
	case CHAT_KEY_PAGE_UP:
	case CHAT_KEY_PAGE_DOWN:
		page(chat, key == CHAT_KEY_PAGE_UP);
		break;
	case CHAT_KEY_END:
		end(chat);
		break;
	case CHAT_KEY_TAB:
		chat_complete(chat);
		break;
	case CHAT_KEY_NEXT_GROUP:
	case CHAT_KEY_PREVIOUS_GROUP:
		chat_group_step(chat, key == CHAT_KEY_NEXT_GROUP ? 1 : -1);
		break;
	case CHAT_KEY_INTERRUPT:
		interrupt(chat);
		break;
	case CHAT_KEY_END_OF_FILE:
		chat->quit = !chat->line.n;
		break;
	default:
		edit(&chat->line, key);
	}
}

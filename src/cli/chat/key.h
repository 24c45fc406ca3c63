/* SPDX-License-Identifier: MIT
 *
 * key - what each key does. It knows no keyboard: screen.h says which key was pressed.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_KEY_H
#define CLI_CHAT_KEY_H

#include "cli/chat/chat.h"

enum chat_key {
	CHAT_KEY_NONE,
	CHAT_KEY_TEXT, /* a character */
	CHAT_KEY_ENTER,
	CHAT_KEY_NEW_LINE, /* a new line within the text */
	CHAT_KEY_BACKSPACE,
	CHAT_KEY_DELETE,
	CHAT_KEY_LEFT,
	CHAT_KEY_RIGHT,
	CHAT_KEY_UP,
	CHAT_KEY_DOWN,
	CHAT_KEY_HOME,
	CHAT_KEY_END,
	CHAT_KEY_PAGE_UP,
	CHAT_KEY_PAGE_DOWN,
	CHAT_KEY_TAB,
	CHAT_KEY_NEXT_GROUP,
	CHAT_KEY_PREVIOUS_GROUP,
	CHAT_KEY_KILL_WORD,
	CHAT_KEY_KILL_BEFORE,
	CHAT_KEY_KILL_AFTER,
	CHAT_KEY_ESCAPE,
	CHAT_KEY_INTERRUPT, /* Ctrl-C: the line goes; an empty one: the program ends */
	CHAT_KEY_END_OF_FILE,
	CHAT_KEY_PASTE_BEGIN, /* until PASTE_END new lines belong to the text */
	CHAT_KEY_PASTE_END,
	CHAT_KEY_RESIZE,
	CHAT_KEY_REDRAW,
};

/* code_point: of CHAT_KEY_TEXT. */
void chat_key_press(struct chat *chat, enum chat_key key, int32_t code_point);

#endif

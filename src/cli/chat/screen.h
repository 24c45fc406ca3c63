/* SPDX-License-Identifier: MIT
 *
 * screen - the terminal, by ncurses: draws the state, says which key was pressed.
 *
 * All text reaches the terminal through one function here, which takes clean text alone (clean.h).
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_SCREEN_H
#define CLI_CHAT_SCREEN_H

#include "cli/chat/key.h"

struct chat_screen;

/* Takes the terminal over; chat->screen is then set. EX_USAGE, EX_CONFIG, told, when there is none that can be used. */
int chat_screen_open(struct chat *chat);

/* Gives it back as it was. A chat without screen is taken. */
void chat_screen_close(struct chat *chat);

/* Shows the state as it is. */
void chat_screen_draw(struct chat *chat);

/* The next key that was pressed; CHAT_KEY_NONE when none was. Does not wait. */
enum chat_key chat_screen_key(struct chat *chat, int32_t *code_point);

#endif

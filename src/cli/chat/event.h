/* SPDX-License-Identifier: MIT
 *
 * event - what the client tells changes the state.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_EVENT_H
#define CLI_CHAT_EVENT_H

#include "cli/chat/chat.h"

/* An antiphon_event_fn for all events; context is a struct chat. */
void chat_event_take(void *context, enum antiphon_event event, const void *payload);

/* Whoever has not written for a while writes no more. Milliseconds until the next one ends; -1: nobody writes. */
int64_t chat_event_typing_ends(struct chat *chat);

#endif

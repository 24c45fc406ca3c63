/* SPDX-License-Identifier: MIT
 *
 * view - the open group's messages and notices as rows of a given width: what stands where, in which style. It draws nothing.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_VIEW_H
#define CLI_CHAT_VIEW_H

#include "cli/chat/chat.h"

enum chat_style {
	CHAT_PLAIN,
	CHAT_DIM,
	CHAT_STRONG,
	CHAT_MENTION, /* it names oneself */
	CHAT_TROUBLE,
	CHAT_NOTICE,
	CHAT_NEW, /* the line above what is new */
	CHAT_NAME,
	CHAT_NAME_COLOURS = 6, /* CHAT_NAME and so many - 1 behind it: what tells users apart */
};

enum { CHAT_SPANS_MAX = 6 };

struct chat_span {
	struct str text; /* clean */
	int style;
};

struct chat_row {
	int64_t seq; /* of the message that it belongs to, or of the one before it */
	struct chat_span spans[CHAT_SPANS_MAX];
	size_t n;
};

struct chat_view {
	struct arena arena;
	struct chat_row *v;
	size_t n, cap, columns;
	char group[CHAT_ID_BYTES];
};

/* Lays the messages out anew. Who has scrolled back still sees the same: chat->scroll is mended. */
void chat_view_build(struct chat *chat, struct chat_view *view, size_t columns);

void chat_view_done(struct chat_view *view);

/* The first row on the screen. */
size_t chat_view_top(const struct chat *chat, const struct chat_view *view);

/* Scrolls so that `under` rows are left from the first one on the screen to the newest, as far as there are so many. */
void chat_view_scroll(struct chat *chat, size_t under);

/* The style of a user's name. */
int chat_view_name_style(const char *user_id);

#endif

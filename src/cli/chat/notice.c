/* SPDX-License-Identifier: MIT
 *
 * notice - see notice.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/notice.h"

#include <stdarg.h>
#include <stdlib.h>

enum { NOTICES_MAX = 500, LINE_BYTES = 5000 };

static void forget_first(struct chat *chat)
{
	struct chat_notice *first = chat->notices;

	chat->notices = first->next;
	free(first);
}

static void add(struct chat *chat, const char *group, bool trouble, struct str text)
{
	struct chat_notice *n = malloc(sizeof *n + text.n + 1), **at = &chat->notices;
	const struct antiphon_group *where = antiphon_group_find(chat->client, group);
	size_t count = 0;

	if (!n)
		return; /* it is only a notice */
	*n = (struct chat_notice){ .after_seq = where ? where->lastSeq : 0, .trouble = trouble };
	snprintf(n->group, sizeof n->group, "%s", group);
	memcpy(n->text, text.p, text.n);
	n->text[text.n] = '\0';
	for (; *at; at = &(*at)->next)
		count++;
	*at = n;
	if (count >= NOTICES_MAX)
		forget_first(chat);
	chat->changed = true;
}

static void add_printed(struct chat *chat, bool trouble, const char *format, va_list values)
{
	char text[LINE_BYTES];
	int n = vsnprintf(text, sizeof text, format, values);

	if (n > 0)
		add(chat, chat->group, trouble, str_of(text));
}

void chat_notice_add(struct chat *chat, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	add_printed(chat, false, format, values);
	va_end(values);
}

void chat_notice_trouble(struct chat *chat, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	add_printed(chat, true, format, values);
	va_end(values);
}

void chat_notice_to(struct chat *chat, const char *group, struct str text)
{
	add(chat, group, false, text);
}

void chat_notice_clear(struct chat *chat)
{
	while (chat->notices)
		forget_first(chat);
	chat->changed = true;
}

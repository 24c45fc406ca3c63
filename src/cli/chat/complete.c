/* SPDX-License-Identifier: MIT
 *
 * complete - see complete.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/complete.h"

#include <stdlib.h>

#include "base/text.h"
#include "cli/chat/group.h"
#include "cli/chat/people.h"
#include "cli/chat/slash.h"

/* What a prefix may become: the one of number `wanted` is kept. */
struct candidates {
	struct chat *chat;
	struct str prefix;
	size_t n, wanted;
	struct str found;
};

static void offer(struct candidates *c, struct str word)
{
	bool fits = word.n >= c->prefix.n && strncasecmp(word.p, c->prefix.p, c->prefix.n) == 0;

	if (fits && c->n++ == c->wanted)
		c->found = arena_dup(&c->chat->scratch, word);
}

static void offer_names(struct candidates *c)
{
	struct chat *chat = c->chat;
	bool at = c->prefix.n && c->prefix.p[0] == '@';

	for (size_t i = 0; i < chat->member_count; i++) {
		if (chat_people_is_me(chat, chat->members[i].id))
			continue;
		offer(c,
			arena_printf(&chat->scratch, "%s%s", at ? "@" : "", chat->members[i].name));
	}
}

static void offer_groups(struct candidates *c)
{
	struct chat_group_list all = chat_group_all(c->chat);

	for (size_t i = 0; i < all.n; i++)
		offer(c, chat_group_name(c->chat, all.v[i]));
}

static void offer_all(struct candidates *c, bool first)
{
	c->n = 0;
	if (first && c->prefix.n && c->prefix.p[0] == '/') {
		for (size_t i = 0; chat_slash_name(i); i++)
			offer(c, arena_printf(&c->chat->scratch, "/%s", chat_slash_name(i)));
		return;
	}
	offer_names(c);
	if (c->prefix.n && (c->prefix.p[0] == '#' || c->prefix.p[0] == '@'))
		offer_groups(c);
}

/* The word that ends the text; *first: nothing stands before it. */
static struct str last_word(struct str text, bool *first)
{
	size_t at = text.n;

	while (at > 0 && text.p[at - 1] != ' ' && text.p[at - 1] != '\n')
		at--;
	*first = at == 0;
	return str_after(text, at);
}

void chat_complete_end(struct chat *chat)
{
	free(chat->completion.prefix);
	chat->completion = (struct chat_completion){ .count = 0 };
}

void chat_complete(struct chat *chat)
{
	struct chat_completion *done = &chat->completion;
	struct candidates c = { .chat = chat, .wanted = done->next };
	bool first;
	struct str word = last_word(chat_line_before(&chat->line, &chat->scratch), &first);

	if (done->prefix) {
		first = done->count == chat->line.cursor;
		c.prefix = str_of(done->prefix);
	} else {
		c.prefix = word;
		done->count = text_length(word);
		done->prefix = strndup(word.p, word.n);
		first = done->count == chat->line.cursor;
	}
	if (!c.prefix.n)
		return;
	offer_all(&c, first);
	if (!c.found.p && c.n) { /* once around */
		c.wanted = done->next = 0;
		offer_all(&c, first);
	}
	if (!c.found.p)
		return;
	bool name = first && c.found.p[0] != '/' && c.found.p[0] != '#' && c.found.p[0] != '@';
	struct str put =
		arena_printf(&chat->scratch, STR_FMT "%s", STR_ARG(c.found), name ? ": " : " ");
	chat_line_replace(&chat->line, done->count, put);
	done->count = text_length(put);
	done->next++;
}

/* SPDX-License-Identifier: MIT
 *
 * view - see view.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "cli/chat/clean.h"
#include "cli/chat/group.h"
#include "cli/chat/notice.h"
#include "cli/chat/people.h"
#include "cli/chat/send.h"
#include "cli/print.h"

enum {
	NUMBERS_FROM = 50, /* columns: narrower ones show no numbers */
	INDENT_NARROW = 2,
	QUOTE_COLUMNS = 60,
};

/* One layout. */
struct lay {
	struct chat *chat;
	struct chat_view *view;
	struct arena *a;
	size_t columns, number_columns, indent;
	int64_t seq; /* of the rows that are made */
	struct tm day;
	bool any;                         /* a message was laid out already */
	const struct chat_notice *notice; /* the next one */
};

/* --- rows --- */

static struct chat_row *push(struct lay *l)
{
	struct chat_view *view = l->view;

	if (view->n == view->cap) {
		size_t cap = view->cap ? view->cap * 2 : 256;
		struct chat_row *v = realloc(view->v, cap * sizeof *v);
		if (!v)
			return NULL;
		view->v = v;
		view->cap = cap;
	}
	struct chat_row *row = &view->v[view->n++];
	*row = (struct chat_row){ .seq = l->seq };
	return row;
}

static void add_span(struct chat_row *row, struct str text, int style)
{
	if (row && text.n && row->n < CHAT_SPANS_MAX)
		row->spans[row->n++] = (struct chat_span){ text, style };
}

static struct str spaces(struct lay *l, size_t n)
{
	return arena_printf(l->a, "%*s", (int)n, "");
}

static size_t row_width(const struct chat_row *row)
{
	size_t width = 0;

	for (size_t i = 0; row && i < row->n; i++)
		width += print_width(row->spans[i].text);
	return width;
}

/* The text behind what the row holds already, and in as many rows below as it takes. */
static struct chat_row *flow(struct lay *l, struct chat_row *row, struct str text, int style)
{
	size_t used, taken = row_width(row);

	while (row && text.n) {
		size_t room = taken < l->columns ? l->columns - taken : 1;
		size_t n = chat_clean_line(text, room, &used);
		add_span(row, (struct str){ text.p, n }, style);
		text = str_after(text, used);
		if (!text.n)
			break;
		row = push(l);
		if (row)
			add_span(row, spaces(l, l->indent), CHAT_PLAIN);
		taken = l->indent;
	}
	return row;
}

/* A line of its own at the indent. */
static void add_line(struct lay *l, struct str text, int style)
{
	struct chat_row *row = push(l);

	add_span(row, spaces(l, l->indent), CHAT_PLAIN);
	flow(l, row, text, style);
}

/* So many dashes. */
static struct str dashes(struct lay *l, size_t n)
{
	const struct str dash = STR("─");
	char *line = arena_alloc(l->a, n * dash.n + 1);

	for (size_t i = 0; line && i < n; i++)
		memcpy(line + i * dash.n, dash.p, dash.n);
	return (struct str){ line, line ? n * dash.n : 0 };
}

/* "---- text ----" over the whole width. */
static void add_rule(struct lay *l, struct str text, int style)
{
	size_t width = print_width(text) + 2;
	size_t free = width < l->columns ? l->columns - width : 0;
	struct str left = dashes(l, free / 2), right = dashes(l, free - free / 2);

	add_span(push(l),
		arena_printf(l->a, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(left), STR_ARG(text),
			STR_ARG(right)),
		style);
}

/* --- what a message says --- */

int chat_view_name_style(const char *user_id)
{
	unsigned sum = 0;

	for (; *user_id; user_id++)
		sum = sum * 31 + (unsigned char)*user_id;
	return CHAT_NAME + (int)(sum % CHAT_NAME_COLOURS);
}

/* True when @username stands in the text, as the server sees mentions. */
static bool mentions_me(struct lay *l, struct str text)
{
	const struct antiphon_user *me = antiphon_me(l->chat->client);
	struct str folded, name;

	if (!me || !memchr(text.p, '@', text.n) || text_fold(text, l->a, &folded) ||
		text_fold(str_of(me->username), l->a, &name))
		return false;
	for (size_t i = 0; i + name.n < folded.n; i++) {
		struct str rest = str_after(folded, i + 1);
		if (folded.p[i] != '@' || !str_starts(rest, name))
			continue;
		rest = str_after(rest, name.n);
		int32_t next = text_next(&rest);
		if (next < 0 || !(text_is_word(next) || next == '_' || next == '-'))
			return true;
	}
	return false;
}

static void add_reply(struct lay *l, const struct antiphon_message *m)
{
	size_t n = antiphon_message_count(l->chat->client, m->groupId);

	for (size_t i = n; i-- > 0;) {
		const struct antiphon_message *to =
			antiphon_message_at(l->chat->client, m->groupId, i);
		if (strcmp(to->messageId, m->replyTo) != 0)
			continue;
		struct str said = chat_clean(l->a, str_of(to->message), false);
		size_t used, bytes = chat_clean_line(said, QUOTE_COLUMNS, &used);
		struct str name = chat_people_name(l->chat, to->userId);
		add_line(l,
			arena_printf(
				l->a, "> " STR_FMT ": %.*s", STR_ARG(name), (int)bytes, said.p),
			CHAT_DIM);
		return;
	}
	add_line(l, STR("> an older message"), CHAT_DIM);
}

static struct str size_text(struct lay *l, int64_t bytes)
{
	return bytes < 1000000 ? arena_printf(l->a, "%" PRId64 " kB", (bytes + 999) / 1000)
	                       : arena_printf(l->a, "%.1f MB", (double)bytes / 1000000);
}

static void add_carried(struct lay *l, const struct antiphon_message *m)
{
	for (size_t i = 0; i < m->files.n; i++) {
		struct str name = chat_clean(l->a, str_of(m->files.v[i].fileName), false);
		struct str size = size_text(l, m->files.v[i].fileSize);
		add_line(l,
			arena_printf(
				l->a, "[file] " STR_FMT ", " STR_FMT, STR_ARG(name), STR_ARG(size)),
			CHAT_NOTICE);
	}
	for (size_t i = 0; i < m->tracks.n; i++) {
		struct str title = chat_clean(l->a, str_of(m->tracks.v[i].title), false);
		struct str artist = chat_clean(l->a, str_of(m->tracks.v[i].artist), false);
		add_line(l,
			arena_printf(l->a, "[track] " STR_FMT "%s" STR_FMT, STR_ARG(artist),
				artist.n ? " - " : "", STR_ARG(title)),
			CHAT_NOTICE);
	}
}

static void add_reactions(struct lay *l, const struct antiphon_message *m)
{
	struct str all = { 0 };

	for (size_t i = 0; i < m->reactions.n; i++) {
		struct str one = chat_clean(l->a, str_of(m->reactions.v[i].reaction), false);
		all = arena_printf(l->a, STR_FMT "%s" STR_FMT " %zu", STR_ARG(all),
			all.n ? "  " : "", STR_ARG(one), m->reactions.v[i].userIds.n);
	}
	if (all.n)
		add_line(l, all, CHAT_DIM);
}

/* "12 09:01 " */
static void add_head(struct lay *l, struct chat_row *row, int64_t seq, int64_t date_ms)
{
	time_t seconds = (time_t)(date_ms / 1000);
	char clock[16] = "";
	struct tm local;

	if (l->number_columns)
		add_span(row,
			seq ? arena_printf(l->a, "%*" PRId64 " ", (int)l->number_columns, seq)
			    : spaces(l, l->number_columns + 1),
			CHAT_DIM);
	if (localtime_r(&seconds, &local))
		strftime(clock, sizeof clock, "%H:%M ", &local);
	add_span(row, arena_dup(l->a, str_of(clock)), CHAT_DIM);
}

static void add_message(struct lay *l, const struct antiphon_message *m)
{
	bool deleted = m->deletedAt.set && !m->deletedAt.null;
	struct str text = chat_clean(l->a, str_of(m->message), true);

	if (m->replyTo && !deleted)
		add_reply(l, m);
	struct chat_row *row = push(l);
	add_head(l, row, m->seq, m->timestamp);
	struct str name = chat_people_name(l->chat, m->userId);
	add_span(row, arena_printf(l->a, STR_FMT, STR_ARG(name)), chat_view_name_style(m->userId));
	add_span(row, STR(" "), CHAT_PLAIN);
	if (deleted) {
		add_span(row, STR("(deleted)"), CHAT_DIM);
		return;
	}
	bool mention = !chat_people_is_me(l->chat, m->userId) && mentions_me(l, text);
	row = flow(l, row, text, mention ? CHAT_MENTION : CHAT_PLAIN);
	if (m->editedAt.set && !m->editedAt.null)
		flow(l, row, STR(" (edited)"), CHAT_DIM);
	add_carried(l, m);
	add_reactions(l, m);
}

/* --- what stands between the messages --- */

static void add_day(struct lay *l, int64_t date_ms)
{
	time_t seconds = (time_t)(date_ms / 1000);
	char text[64];
	struct tm local;

	if (!localtime_r(&seconds, &local) ||
		(l->any && local.tm_yday == l->day.tm_yday && local.tm_year == l->day.tm_year))
		return;
	l->day = local;
	if (strftime(text, sizeof text, "%A, %e %B %Y", &local))
		add_rule(l, arena_dup(l->a, str_of(text)), CHAT_DIM);
}

static void add_notice(struct lay *l, const struct chat_notice *n)
{
	struct chat_row *row = push(l);

	add_span(row, l->indent > INDENT_NARROW ? spaces(l, l->indent - 2) : STR(""), CHAT_PLAIN);
	add_span(row, n->trouble ? STR("! ") : STR("- "), n->trouble ? CHAT_TROUBLE : CHAT_NOTICE);
	flow(l, row, chat_clean(l->a, str_of(n->text), true),
		n->trouble ? CHAT_TROUBLE : CHAT_NOTICE);
}

/* Those that came before the message of this seq. */
static void add_notices_before(struct lay *l, int64_t seq)
{
	for (; l->notice && l->notice->after_seq < seq; l->notice = l->notice->next) {
		if (strcmp(l->notice->group, l->chat->group) == 0)
			add_notice(l, l->notice);
	}
}

static void add_messages(struct lay *l)
{
	struct chat *chat = l->chat;
	size_t n = antiphon_message_count(chat->client, chat->group);
	int64_t before = 0;

	for (size_t i = chat_group_first_message(chat, chat->group); i < n; i++) {
		const struct antiphon_message *m =
			antiphon_message_at(chat->client, chat->group, i);
		add_notices_before(l, m->seq);
		l->seq = m->seq;
		add_day(l, m->timestamp);
		if (chat->new_after >= 0 && m->seq > chat->new_after && before <= chat->new_after)
			add_rule(l, STR("new"), CHAT_NEW);
		add_message(l, m);
		before = m->seq;
		l->any = true;
	}
	add_notices_before(l, INT64_MAX);
}

static void add_pending(struct lay *l)
{
	for (const struct chat_pending *p = l->chat->pending; p; p = p->next) {
		if (strcmp(p->group, l->chat->group) != 0)
			continue;
		const struct antiphon_user *me = antiphon_me(l->chat->client);
		struct chat_row *row = push(l);
		add_span(row, spaces(l, l->indent), CHAT_PLAIN);
		add_span(row, chat_clean(l->a, str_of(me ? me->username : "me"), false), CHAT_DIM);
		add_span(row, STR(" "), CHAT_PLAIN);
		row = flow(l, row, chat_clean(l->a, str_of(p->text), true), CHAT_DIM);
		if (!p->failure) {
			flow(l, row, STR(" (waiting)"), CHAT_NOTICE);
			continue;
		}
		struct str why = chat_clean(l->a, str_of(p->failure), false);
		flow(l, row, arena_printf(l->a, " (not sent: " STR_FMT ")", STR_ARG(why)),
			CHAT_TROUBLE);
	}
}

/* The row above all: whether there is more. */
static void add_beginning(struct lay *l)
{
	struct chat *chat = l->chat;
	const struct antiphon_group *group = chat_group_open_find(chat);
	size_t first = chat_group_first_message(chat, chat->group);
	bool known = first < antiphon_message_count(chat->client, chat->group);
	bool whole = !group || group->lastSeq == 0 ||
	             (known && antiphon_message_at(chat->client, chat->group, first)->seq == 1);

	if (!group)
		add_rule(l, STR("no group is open; /join one"), CHAT_DIM);
	else if (whole)
		add_rule(l, STR("the beginning"), CHAT_DIM);
	else if (chat->asking_history)
		add_rule(l, STR("loading"), CHAT_DIM);
	else
		add_rule(l, STR("PageUp loads older messages"), CHAT_DIM);
}

/* --- all of it --- */

size_t chat_view_top(const struct chat *chat, const struct chat_view *view)
{
	size_t below = chat->scroll + chat->page_rows;

	return below < view->n ? view->n - below : 0;
}

/* The rows from the first of the seq to the end. */
static size_t rows_from(const struct chat_view *view, int64_t seq)
{
	size_t i = view->n;

	while (i > 0 && view->v[i - 1].seq >= seq)
		i--;
	return view->n - i;
}

/* The row, or the next one that belongs to a message: what stands above all does not stay in its place. */
static size_t first_of_a_message(const struct chat_view *view, size_t row)
{
	while (row + 1 < view->n && view->v[row].seq == 0)
		row++;
	return row;
}

void chat_view_build(struct chat *chat, struct chat_view *view, size_t columns)
{
	const struct antiphon_group *group = chat_group_open_find(chat);
	bool anchored = chat->scroll && view->n && strcmp(view->group, chat->group) == 0;
	size_t top = chat_view_top(chat, view);
	int64_t seq = anchored ? view->v[first_of_a_message(view, top)].seq : 0;
	size_t under = view->n - top; /* from the first on the screen on */
	size_t known = anchored ? rows_from(view, seq) : 0;
	struct lay l = { .chat = chat, .view = view, .a = &view->arena, .columns = columns };

	arena_reset(&view->arena);
	view->n = 0;
	view->columns = columns;
	memcpy(view->group, chat->group, sizeof view->group);
	l.notice = chat->notices;
	l.number_columns = columns < NUMBERS_FROM ? 0 : 2;
	for (int64_t n = group ? group->lastSeq : 0; l.number_columns && n >= 100; n /= 10)
		l.number_columns++;
	l.indent = columns < NUMBERS_FROM ? INDENT_NARROW : l.number_columns + 7;
	add_beginning(&l);
	add_messages(&l);
	l.seq = INT64_MAX;
	add_pending(&l);
	chat->row_count = view->n;
	if (anchored)
		chat_view_scroll(chat, rows_from(view, seq) + under - known);
	else
		chat_view_scroll(chat, chat->scroll + chat->page_rows);
}

void chat_view_scroll(struct chat *chat, size_t under)
{
	size_t most = chat->row_count > chat->page_rows ? chat->row_count - chat->page_rows : 0;

	chat->scroll = under > chat->page_rows ? under - chat->page_rows : 0;
	if (chat->scroll > most)
		chat->scroll = most;
}

void chat_view_done(struct chat_view *view)
{
	arena_done(&view->arena);
	free(view->v);
}

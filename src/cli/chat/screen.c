/* SPDX-License-Identifier: MIT
 *
 * screen - see screen.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/chat/screen.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>
#include <wchar.h>

#include "base/text.h"
#include "cli/chat/clean.h"
#include "cli/chat/group.h"
#include "cli/chat/people.h"
#include "cli/chat/status.h"
#include "cli/chat/view.h"
#include "cli/print.h"

#include <curses.h> /* behind ours: its ERR is another one */
#include <termcap.h>

enum {
	GROUPS_FROM = 60,   /* columns of the terminal from which on the groups are shown */
	MEMBERS_FROM = 100, /* the same of the members */
	GROUPS_COLUMNS = 18,
	GROUPS_COLUMNS_WIDE = 26,
	MEMBERS_COLUMNS = 20,
	ROWS_MIN = 5, /* with fewer there is the line alone */
	KEY_PASTE_BEGIN = KEY_MAX + 1,
	KEY_PASTE_END,
	KEY_ALT_UP,
	KEY_ALT_DOWN,
	ESCAPE = 27,
};

struct chat_screen {
	SCREEN *terminal;
	struct chat_view view;
	bool colour, paste;
	int view_left, view_columns;
};

static const char paste_on[] = "\x1b[?2004h", paste_off[] = "\x1b[?2004l";

/* --- the terminal --- */

static void begin_colours(struct chat_screen *s)
{
	static const short colours[CHAT_NAME_COLOURS] = { COLOR_CYAN, COLOR_GREEN, COLOR_MAGENTA,
		COLOR_YELLOW, COLOR_BLUE, COLOR_RED };

	if (!s->colour || !has_colors() || start_color() == ERR || use_default_colors() == ERR) {
		s->colour = false;
		return;
	}
	for (int i = 0; i < CHAT_NAME_COLOURS; i++)
		init_pair((short)(CHAT_NAME + i), colours[i], -1);
	init_pair(CHAT_MENTION, COLOR_YELLOW, -1);
	init_pair(CHAT_TROUBLE, COLOR_RED, -1);
	init_pair(CHAT_NOTICE, COLOR_CYAN, -1);
	init_pair(CHAT_NEW, COLOR_RED, -1);
}

int chat_screen_open(struct chat *chat)
{
	struct chat_screen *s;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return cli_fail(chat->c, EX_USAGE,
			"`chat` needs a terminal; `antiphon listen` and `antiphon send` do not.");
	s = calloc(1, sizeof *s);
	if (!s)
		return cli_no_memory(chat->c);
	/* tgetent first: newterm of ncurses 6.4 loses memory where the terminal is not known. */
	if (tgetent(NULL, getenv("TERM")) == 1)
		s->terminal = newterm(NULL, stdout, stdin);
	if (!s->terminal) {
		free(s);
		return cli_fail(chat->c, EX_CONFIG,
			"The terminal is not known; set TERM to what it is, as xterm-256color.");
	}
	chat->screen = s;
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	s->colour = chat->c->colour;
	begin_colours(s);
	define_key("\x1b[200~", KEY_PASTE_BEGIN);
	define_key("\x1b[201~", KEY_PASTE_END);
	define_key("\x1b[1;3A", KEY_ALT_UP);
	define_key("\x1b[1;3B", KEY_ALT_DOWN);
	fputs(paste_on, stdout);
	fflush(stdout);
	return EX_OK;
}

void chat_screen_close(struct chat *chat)
{
	struct chat_screen *s = chat->screen;

	if (!s)
		return;
	chat->screen = NULL;
	fputs(paste_off, stdout);
	fflush(stdout);
	endwin();
	delscreen(s->terminal);
	chat_view_done(&s->view);
	free(s);
}

/* --- text --- */

static attr_t attributes(const struct chat_screen *s, int style)
{
	attr_t colour = s->colour && style >= CHAT_MENTION ? (attr_t)COLOR_PAIR(style) : 0;

	switch (style) {
	case CHAT_PLAIN:
		return 0;
	case CHAT_DIM:
		return A_DIM;
	case CHAT_NOTICE:
		return s->colour ? colour : A_DIM;
	default:
		return colour | A_BOLD;
	}
}

/* The one way of text to the screen: as much of it as fits into so many columns. Returns how many it took. */
static int put(int y, int x, int columns, struct str clean)
{
	struct str rest = clean;
	int used = 0;

	while (rest.n) {
		struct str before = rest;
		int width = wcwidth((wchar_t)text_next(&rest));
		if (used + (width > 0 ? width : 0) > columns) {
			rest = before;
			break;
		}
		used += width > 0 ? width : 0;
	}
	if (clean.n > rest.n)
		mvaddnstr(y, x, clean.p, (int)(clean.n - rest.n));
	return used;
}

static int put_styled(struct chat_screen *s, const int at[3], struct str clean, int style)
{
	attr_t attr = attributes(s, style);

	attron(attr);
	int used = put(at[0], at[1], at[2], clean);
	attroff(attr);
	return used;
}

/* A whole row in reverse: a text on the left, one on the right, which yields. */
static void put_bar(int y, struct str left, struct str right)
{
	int width = (int)print_width(right);

	attron(A_REVERSE);
	mvhline(y, 0, ' ', COLS);
	int used = put(y, 1, COLS - 1, left);
	if (right.n && used + 3 + width < COLS)
		put(y, COLS - width - 1, width, right);
	attroff(A_REVERSE);
}

/* --- the parts --- */

/* "lobby            3": a mark where one was mentioned, how many are unread on the right. */
static void draw_group(struct chat *chat, int y, int columns, const struct antiphon_group *group)
{
	int64_t unread = antiphon_unread(chat->client, group->id);
	bool open = strcmp(group->id, chat->group) == 0;
	bool mention = unread > 0 && chat_group_mentions(chat, group->id);
	struct str count =
		unread > 0 ? arena_printf(&chat->scratch, "%s%" PRId64, mention ? "@" : "", unread)
			   : STR("");
	attr_t attr = (open ? A_REVERSE : 0) | (unread > 0 ? A_BOLD : 0);
	int width = (int)count.n;

	attron(attr);
	mvhline(y, 0, ' ', columns);
	put(y, 1, columns - 2 - (width ? width + 1 : 0), chat_group_name(chat, group));
	attroff(attr);
	attr |= mention ? attributes(chat->screen, CHAT_MENTION) : 0;
	attron(attr);
	put(y, columns - 1 - width, width, count);
	attroff(attr);
}

static void draw_groups(struct chat *chat, int rows, int columns)
{
	struct chat_group_list all = chat_group_all(chat);
	size_t open = 0, first = 0;

	while (open + 1 < all.n && strcmp(all.v[open]->id, chat->group) != 0)
		open++;
	if (open >= (size_t)rows)
		first = open - (size_t)rows + 1;
	for (int y = 0; y < rows && first + (size_t)y < all.n; y++)
		draw_group(chat, y + 1, columns, all.v[first + (size_t)y]);
	attron(A_DIM);
	mvvline(1, columns, ACS_VLINE, rows);
	attroff(A_DIM);
}

static void draw_members(struct chat *chat, int rows, int left)
{
	static const char marks[] = { [ANTIPHON_STATUS_OFFLINE] = ' ',
		[ANTIPHON_STATUS_ONLINE] = '*',
		[ANTIPHON_STATUS_AWAY] = '-',
		[ANTIPHON_STATUS_BUSY] = '!' };

	attron(A_DIM);
	mvvline(1, left, ACS_VLINE, rows);
	attroff(A_DIM);
	for (int y = 0; y < rows && (size_t)y < chat->member_count; y++) {
		const struct chat_member *m = &chat->members[y];
		bool here = m->status != ANTIPHON_STATUS_OFFLINE;
		struct str name = chat_clean(&chat->scratch, str_of(m->name), false);
		const int at[] = { y + 1, left + 4, COLS - left - 4 };
		mvaddch(y + 1, left + 2, (chtype)marks[m->status]);
		put_styled(chat->screen, at, name, here ? chat_view_name_style(m->id) : CHAT_DIM);
	}
}

static void draw_messages(struct chat *chat, int rows)
{
	struct chat_screen *s = chat->screen;
	bool other = chat->page_rows != (size_t)rows || s->view.columns != (size_t)s->view_columns;
	bool up = chat->scroll > 0;

	if (chat->changed || other) {
		chat->page_rows = (size_t)rows;
		chat_view_build(chat, &s->view, (size_t)s->view_columns);
		chat->changed = false;
	}
	size_t top = chat_view_top(chat, &s->view);
	if (up && top == 0)
		chat_group_ask_older(chat);
	/* A few messages stand at the bottom, above the line that is typed. */
	int y = s->view.n < (size_t)rows ? rows - (int)s->view.n + 1 : 1;
	for (size_t i = top; i < s->view.n && y <= rows; i++, y++) {
		const struct chat_row *row = &s->view.v[i];
		int x = s->view_left;
		for (size_t j = 0; j < row->n; j++) {
			const int at[] = { y, x, s->view_left + s->view_columns - x };
			x += put_styled(s, at, row->spans[j].text, row->spans[j].style);
		}
	}
}

/* What is typed, so far to the left that the cursor is in sight. */
static void draw_line(struct chat *chat, int y)
{
	const struct chat_line *l = &chat->line;
	size_t from = l->cursor;
	int room = COLS - 3, width = 0;

	for (; from > 0; from--) {
		int w = l->text[from - 1] == '\n' ? 1 : wcwidth((wchar_t)l->text[from - 1]);
		if (width + w >= room)
			break;
		width += w;
	}
	mvaddch(y, 0, '>');
	int x = 2, cursor = 2;
	for (size_t i = from; i < l->n && x < COLS - 1; i++) {
		wchar_t c[2] = { l->text[i] == '\n' ? L'⏎' : (wchar_t)l->text[i], 0 };
		if (i == l->cursor)
			cursor = x;
		if (x + wcwidth(c[0]) > COLS - 1)
			break;
		if (wcwidth(c[0]) > 0 || x == 2)
			mvaddnwstr(y, x, c, 1);
		else
			addnwstr(c, 1); /* a mark goes onto the letter before it */
		x += wcwidth(c[0]);
	}
	move(y, l->cursor < l->n ? cursor : x);
}

void chat_screen_draw(struct chat *chat)
{
	struct chat_screen *s = chat->screen;
	int rows = LINES - 3;
	int groups = COLS >= MEMBERS_FROM ? GROUPS_COLUMNS_WIDE : GROUPS_COLUMNS;
	int members = COLS >= MEMBERS_FROM ? MEMBERS_COLUMNS : 0;

	if (chat->bell)
		beep();
	chat->bell = false;
	erase();
	if (COLS < GROUPS_FROM)
		groups = 0;
	s->view_left = groups ? groups + 2 : 0;
	s->view_columns = COLS - s->view_left - (members ? members + 1 : 0);
	if (LINES >= ROWS_MIN && COLS > 10) {
		draw_messages(chat, rows);
		if (groups)
			draw_groups(chat, rows, groups);
		if (members)
			draw_members(chat, rows, COLS - members);
		put_bar(0, chat_status_title(chat, groups == 0),
			chat_status_who(chat, members > 0));
		put_bar(LINES - 2, chat_status_text(chat), chat_status_scroll(chat));
	}
	draw_line(chat, LINES - 1);
	refresh();
}

/* --- keys --- */

static enum chat_key function_key(wint_t c)
{
	static const struct {
		wint_t code;
		enum chat_key key;
	} keys[] = { { KEY_UP, CHAT_KEY_UP }, { KEY_DOWN, CHAT_KEY_DOWN },
		{ KEY_LEFT, CHAT_KEY_LEFT }, { KEY_RIGHT, CHAT_KEY_RIGHT },
		{ KEY_HOME, CHAT_KEY_HOME }, { KEY_END, CHAT_KEY_END },
		{ KEY_PPAGE, CHAT_KEY_PAGE_UP }, { KEY_NPAGE, CHAT_KEY_PAGE_DOWN },
		{ KEY_BACKSPACE, CHAT_KEY_BACKSPACE }, { KEY_DC, CHAT_KEY_DELETE },
		{ KEY_ENTER, CHAT_KEY_ENTER }, { KEY_RESIZE, CHAT_KEY_RESIZE },
		{ KEY_PASTE_BEGIN, CHAT_KEY_PASTE_BEGIN }, { KEY_PASTE_END, CHAT_KEY_PASTE_END },
		{ KEY_ALT_UP, CHAT_KEY_PREVIOUS_GROUP }, { KEY_ALT_DOWN, CHAT_KEY_NEXT_GROUP } };

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		if (keys[i].code == c)
			return keys[i].key;
	}
	return CHAT_KEY_REDRAW; /* one that means nothing here */
}

/* Ctrl-A is 1, and so on. */
static enum chat_key control_key(wint_t c)
{
	static const enum chat_key keys[] = { [1] = CHAT_KEY_HOME,
		[2] = CHAT_KEY_LEFT,
		[3] = CHAT_KEY_INTERRUPT,
		[4] = CHAT_KEY_END_OF_FILE,
		[5] = CHAT_KEY_END,
		[6] = CHAT_KEY_RIGHT,
		[8] = CHAT_KEY_BACKSPACE,
		[9] = CHAT_KEY_TAB,
		[10] = CHAT_KEY_ENTER,
		[11] = CHAT_KEY_KILL_AFTER,
		[12] = CHAT_KEY_REDRAW,
		[13] = CHAT_KEY_ENTER,
		[14] = CHAT_KEY_NEXT_GROUP,
		[16] = CHAT_KEY_PREVIOUS_GROUP,
		[21] = CHAT_KEY_KILL_BEFORE,
		[23] = CHAT_KEY_KILL_WORD };

	if (c == 127)
		return CHAT_KEY_BACKSPACE;
	return c < COUNT_OF(keys) && keys[c] ? keys[c] : CHAT_KEY_REDRAW;
}

enum chat_key chat_screen_key(struct chat *chat, int32_t *code_point)
{
	wint_t c;
	int kind = get_wch(&c);

	(void)chat;
	if (kind == ERR)
		return CHAT_KEY_NONE;
	if (kind == KEY_CODE_YES)
		return function_key(c);
	if (c == ESCAPE) {
		kind = get_wch(&c);
		return kind == OK && (c == '\r' || c == '\n') ? CHAT_KEY_NEW_LINE : CHAT_KEY_ESCAPE;
	}
	if (c == 12)
		clearok(stdscr, TRUE); /* another program has written over it */
	if (c < ' ' || c == 127)
		return control_key(c);
	*code_point = (int32_t)c;
	return CHAT_KEY_TEXT;
}

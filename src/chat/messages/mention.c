/* SPDX-License-Identifier: MIT
 *
 * mention - see mention.h.
 *
 * Layer: chat.  Threads: the job's.
 */
#include "chat/messages/mention.h"

#include "base/text.h"
#include "chat/groups/group_row.h"
#include "store/tx.h"

enum { NAME_MAX_POINTS = 32 };

static const struct query find_member = {
	"SELECT id FROM user WHERE folded = ?1 AND (?2 = 1 OR EXISTS"
	" (SELECT 1 FROM member WHERE group_pk = ?2 AND user_id = user.id))"
};

/* A walk over a text. */
struct scan {
	struct tx *tx;
	const struct mention_text *in;
	struct arena *arena;
	unsigned lookups;
	struct uuid *v;
	size_t n;
};

static void add_once(struct scan *s, struct uuid id)
{
	if (uuid_eq(id, s->in->author))
		return;
	for (size_t i = 0; i < s->n; i++) {
		if (uuid_eq(s->v[i], id))
			return;
	}
	s->v[s->n++] = id;
}

/* ERR_NOT_FOUND when no member has this name. */
static enum err look_up(struct scan *s, struct str name)
{
	struct str folded;
	struct row *r;
	enum err e = text_fold(name, s->arena, &folded);

	if (e == ERR_BAD_REQUEST)
		return ERR_NOT_FOUND;
	s->lookups++;
	if (!e)
		e = tx_one(
			s->tx, &find_member, VALUES(of_str(folded), of_int(s->in->group_pk)), &r);
	if (!e)
		add_once(s, row_uuid(r, 0));
	return e;
}

/* The characters of user names at the beginning of text, at most as many as a name may have. */
static struct str run_of_name(struct str text)
{
	struct str rest = text;

	for (int points = 0; points < NAME_MAX_POINTS; points++) {
		struct str before = rest;
		int32_t c = text_next(&rest);
		if (c < 0 || (!text_is_word(c) && c != '.' && c != '_' && c != '-')) {
			rest = before;
			break;
		}
	}
	return (struct str){ text.p, text.n - rest.n };
}

/* The run without its last word, or without the marks behind that. */
static struct str shorten(struct str run)
{
	size_t n = run.n;
	bool marks = n && strchr("._-", run.p[n - 1]) != NULL;

	while (n && (strchr("._-", run.p[n - 1]) != NULL) == marks)
		n--;
	return (struct str){ run.p, n };
}

static enum err take_name(struct scan *s, struct str text)
{
	struct str name = run_of_name(text);
	struct str behind = str_after(text, name.n);
	enum err e = ERR_NOT_FOUND;

	if (behind.n && text_is_word(text_next(&behind)))
		name = shorten(name); /* longer than any name may be */
	while (e == ERR_NOT_FOUND && name.n && s->lookups < MENTIONS_MAX) {
		e = look_up(s, name);
		name = shorten(name);
	}
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err mention_find(
	struct tx *tx, const struct mention_text *in, struct arena *a, struct uuids *out)
{
	struct scan s = { .tx = tx, .in = in, .arena = a };
	struct str text = in->text;
	int32_t before = ' ';
	enum err e = ERR_OK;

	*out = (struct uuids){ NULL, 0 };
	if (!text.n || !memchr(text.p, '@', text.n))
		return ERR_OK;
	s.v = arena_array(a, MENTIONS_MAX, sizeof *s.v);
	if (!s.v)
		return ERR_NOMEM;
	while (text.n && !e && s.lookups < MENTIONS_MAX) {
		int32_t c = text_next(&text);
		if (c < 0)
			break;
		if (c == '@' && !text_is_word(before))
			e = take_name(&s, text);
		before = c;
	}
	*out = (struct uuids){ s.v, s.n };
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * message_reactions - see message_reactions.h.
 *
 * Layer: chat.  Threads: any; message_reactions_read the job's.
 */
#include "chat/messages/message_reactions.h"

#include "base/buf.h"
#include "base/text.h"
#include "chat/messages/message_row.h"
#include "store/tx.h"

/* The kinds in the order of their first row, of each the first givers. */
static const struct query kinds_of = { "SELECT reaction, count(*) FROM reaction WHERE message_pk = "
				       "?1 GROUP BY reaction ORDER BY min(pk)" };
static const struct query givers_of = {
	"SELECT user_id FROM reaction WHERE message_pk = ?1 AND reaction = ?2 LIMIT ?3"
};

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '+' || c == '-';
}

bool message_reactions_is_one(struct str s)
{
	if (s.n < 3 || s.p[0] != ':')
		return text_is_emoji(s);
	for (size_t i = 1; i + 1 < s.n; i++) {
		if (!is_name_char(s.p[i]))
			return false;
	}
	return s.p[s.n - 1] == ':';
}

static enum err read_givers(
	struct tx *tx, int64_t pk, size_t count, struct arena *a, struct reaction *reaction)
{
	size_t max = count < MESSAGE_ROW_GIVERS_MAX ? count : MESSAGE_ROW_GIVERS_MAX;
	struct uuid *v = arena_array(a, max, sizeof *v);
	struct row *r;
	size_t n = 0;
	bool more = false;

	if (!v)
		return ERR_NOMEM;
	enum err e = tx_rows(tx, &givers_of,
		VALUES(of_int(pk), of_str(reaction->reaction), of_int((int64_t)max)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more && n < max) {
		v[n++] = row_uuid(r, 0);
		e = row_next(r, &more);
	}
	reaction->userIds = (struct uuids){ v, n };
	return e;
}

enum err message_reactions_read(
	struct tx *tx, int64_t message_pk, struct arena *a, struct message *out)
{
	size_t n = 0, max = 16;
	struct reaction *v = arena_array(a, max, sizeof *v);
	struct row *r;
	bool more = false;

	if (!v)
		return ERR_NOMEM;
	enum err e = tx_rows(tx, &kinds_of, VALUES(of_int(message_pk)), &r);
	if (!e)
		e = row_next(r, &more);
	while (!e && more) {
		if (n == max) {
			struct reaction *wider = arena_array(a, max * 2, sizeof *wider);
			if (!wider)
				return ERR_NOMEM;
			memcpy(wider, v, n * sizeof *v);
			v = wider;
			max *= 2;
		}
		e = row_str(r, 0, a, &v[n].reaction);
		if (!e)
			e = read_givers(tx, message_pk, (size_t)row_int(r, 1), a, &v[n++]);
		if (!e)
			e = row_next(r, &more);
	}
	out->reactions.v = v;
	out->reactions.n = n;
	return e;
}

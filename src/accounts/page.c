/* SPDX-License-Identifier: MIT
 *
 * page - see page.h.
 *
 * Layer: accounts.  Threads: any.
 */
#include "accounts/page.h"

#include "base/hash.h"
#include "base/limits.h"
#include "store/tx.h"

enum { FIXED_BYTES = 17, ENVELOPE_BYTES = 1024 };

static void put_int(char *p, int64_t value)
{
	for (int i = 0; i < 8; i++)
		p[i] = (char)((uint64_t)value >> (56 - 8 * i));
}

static int64_t get_int(const char *p)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | (unsigned char)p[i];
	return (int64_t)value;
}

struct str page_write(const struct page_cursor *c, struct arena *a)
{
	CLEANUP(buf_done) struct buf bytes = { 0 };
	CLEANUP(buf_done) struct buf text = { 0 };
	char fixed[FIXED_BYTES] = { c->kind };

	put_int(fixed + 1, c->a);
	put_int(fixed + 9, c->b);
	buf_append(&bytes, (struct str){ fixed, sizeof fixed });
	buf_append(&bytes, c->text);
	hash_base64(&text, buf_str(&bytes), BASE64_URL);
	if (buf_failed(&bytes) || buf_failed(&text))
		return (struct str){ NULL, 0 };
	return arena_dup(a, buf_str(&text));
}

enum err page_read(
	struct tx *tx, struct str text, char kind, struct arena *a, struct page_cursor *out)
{
	CLEANUP(buf_done) struct buf bytes = { 0 };
	enum err e = hash_parse_base64(text, BASE64_URL, &bytes);

	if (e == ERR_NOMEM)
		return e;
	if (e || bytes.n < FIXED_BYTES || bytes.p[0] != kind)
		return tx_refuse(tx, ERR_BAD_REQUEST,
			"The field `cursor` must be one that this request gave.");
	struct str copy = arena_dup(a, buf_str(&bytes));
	if (!copy.p)
		return ERR_NOMEM;
	*out = (struct page_cursor){ kind, get_int(copy.p + 1), get_int(copy.p + 9),
		str_after(copy, FIXED_BYTES) };
	return ERR_OK;
}

struct page_room page_room_new(void)
{
	return (struct page_room){ ANSWER_BYTES_MAX - ENVELOPE_BYTES };
}

bool page_room_take(struct page_room *room, size_t n)
{
	if (n > room->left)
		return false;
	room->left -= n;
	return true;
}

size_t page_text(struct str s)
{
	size_t n = s.n + 2;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		n += c < 0x20 ? 5 : c == '"' || c == '\\' || c == 0x7f ? 1 : 0;
	}
	return n;
}

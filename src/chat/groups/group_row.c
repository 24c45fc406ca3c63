/* SPDX-License-Identifier: MIT
 *
 * group_row - see group_row.h.
 *
 * Layer: chat.  Threads: any; group_row_read the job's.
 */
#include "chat/groups/group_row.h"

#include "store/tx.h"

struct uuid group_row_lobby(void)
{
	return (struct uuid){ { 0x01, 0x90, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0x01 } };
}

struct uuid group_row_or_lobby(struct uuid id)
{
	return uuid_is_nil(id) ? group_row_lobby() : id;
}

enum err group_row_read(struct row *r, int column, struct arena *a, struct group *out)
{
	struct uuid creator = row_uuid(r, column + 3);
	struct group g = {
		.id = row_uuid(r, column),
		.kind = (enum group_kind)row_int(r, column + 2),
		.creatorId = { .set = true, .null = uuid_is_nil(creator), .v = creator },
		.createdAt = row_int(r, column + 4),
		.memberCount = row_int(r, column + 5),
		.lastSeq = row_int(r, column + 6),
		.rev = row_int(r, column + 7),
	};
	enum err e = row_str(r, column + 1, a, &g.name);

	if (!e)
		*out = g;
	return e;
}

static const struct text_index words = {
	{ "INSERT INTO group_text (rowid, words) VALUES (?1, ?2)" },
	{ "INSERT INTO group_text (group_text, rowid, words) VALUES ('delete', ?1, ?2)" },
};

const struct search_source *group_row_search_source(void)
{
	static const struct search_source source = {
		.name = "group_text",
		.index = &words,
		.clear = { "INSERT INTO group_text (group_text) VALUES ('delete-all')" },
		.rows = { "SELECT pk, 0, name FROM chat_group WHERE pk > ?1 ORDER BY pk LIMIT ?2" },
		.last = { "SELECT max(pk) FROM chat_group" },
	};

	return &source;
}

enum err group_row_index(struct tx *tx, int64_t pk, struct str name)
{
	return tx_index_add(tx, &words, &(struct indexed){ pk, 0, name });
}

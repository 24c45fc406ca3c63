/* SPDX-License-Identifier: MIT
 *
 * group_created - GROUP_CREATED: a channel, a private group or a direct conversation is made.
 *
 * A direct group exists once per pair: asking for it again answers with the one that is there, and nobody else hears of it.
 * Ids: ask_id(ask, 0) the group's, ask_id(ask, 1 + n) the notification's of the nth member.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include <stdlib.h>

#include "accounts/notify.h"
#include "accounts/user_row.h"
#include "base/text.h"
#include "chat/groups/group_members.h"
#include "chat/groups/group_notice.h"
#include "dispatch/verb.h"
#include "store/tx.h"

enum { FIRST_MEMBERS_MAX = 1000, PAIR_BYTES = 32 };

struct group_created_out {
	struct group group;
	bool existed;
	struct uuids members;         /* the creator first */
	struct notification *notices; /* one for each member but the creator */
};

static const struct query insert = {
	"INSERT INTO chat_group (id, name, folded, kind, creator_id, created_at, pair)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
};
static const struct query find_pair = { "SELECT " GROUP_ROW_COLUMNS
					" FROM chat_group WHERE pair = ?1" };

static int by_id(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

/* The creator and the others, each once, in the arena. */
static enum err gather(struct tx *tx, const struct ask *ask, const struct create_group *in,
	struct arena *a, struct uuids *out)
{
	size_t asked = in->members.set && !in->members.null ? in->members.v.n : 0;
	struct uuid *v = arena_array(a, asked + 1, sizeof *v);
	size_t n = 1;

	if (!v)
		return ERR_NOMEM;
	v[0] = ask->user_id;
	if (asked)
		memcpy(v + 1, in->members.v.v, asked * sizeof *v);
	qsort(v + 1, asked, sizeof *v, by_id);
	for (size_t i = 1; i <= asked; i++) {
		if (!uuid_eq(v[i], ask->user_id) && !uuid_eq(v[i], v[n - 1]))
			v[n++] = v[i];
	}
	if (n > FIRST_MEMBERS_MAX)
		return tx_refuse(tx, ERR_TOO_LARGE,
			"A group begins with at most 1,000 members; add the others later.");
	*out = (struct uuids){ v, n };
	return ERR_OK;
}

/* What the payload must be besides what its fields say; the folded name in the arena. */
static enum err check(struct tx *tx, const struct create_group *in,
	const struct group_created_out *made, struct arena *a, struct str *folded)
{
	bool direct = made->group.kind == GROUP_KIND_DIRECT;
	bool named = in->name.set && !in->name.null;

	*folded = STR("");
	if (direct && named)
		return tx_refuse(tx, ERR_BAD_REQUEST, "A direct group has no name; leave it out.");
	if (direct && made->members.n != 2)
		return tx_refuse(
			tx, ERR_BAD_REQUEST, "A direct group has exactly one other member.");
	if (direct)
		return ERR_OK;
	if (!named)
		return tx_refuse(tx, ERR_BAD_REQUEST,
			"The field `name` must be there, but for a direct group.");
	enum err e = text_fold_name(in->name.v, a, folded);
	if (e == ERR_BAD_REQUEST)
		return tx_refuse(tx, e, "The field `name` must hold a visible character.");
	return e;
}

static enum err all_exist(struct tx *tx, const struct uuids *members)
{
	bool there = true;
	enum err e = ERR_OK;

	for (size_t i = 1; i < members->n && there && !e; i++)
		e = user_row_exists(tx, members->v[i], &there);
	return e || there ? e : tx_refuse(tx, ERR_NOT_FOUND, "A member does not exist.");
}

/* Both ids, the smaller first. */
static void pair_of(const struct uuids *members, char out[PAIR_BYTES])
{
	bool in_order = by_id(&members->v[0], &members->v[1]) < 0;

	memcpy(out, members->v[in_order ? 0 : 1].b, PAIR_BYTES / 2);
	memcpy(out + PAIR_BYTES / 2, members->v[in_order ? 1 : 0].b, PAIR_BYTES / 2);
}

/* ERR_NOT_FOUND when the pair has no group yet. */
static enum err find_direct(
	struct tx *tx, struct str pair, struct arena *a, struct group_created_out *out)
{
	struct row *r;
	enum err e = tx_one(tx, &find_pair, VALUES(of_bytes(pair)), &r);

	out->existed = !e;
	return e ? e : group_row_read(r, 0, a, &out->group);
}

static enum err insert_group(struct tx *tx, const struct ask *ask, const struct group *g,
	struct str folded, struct str pair)
{
	enum err e = tx_run(tx, &insert,
		VALUES(of_uuid(g->id), of_str(g->name), of_str(folded), of_int(g->kind),
			of_uuid(ask->user_id), of_int(ask->now_ms),
			pair.n ? of_bytes(pair) : of_null()));

	if (e == ERR_CONFLICT)
		return tx_refuse(tx, e, "There is a channel of this name already.");
	return e;
}

static enum err add_members(struct tx *tx, const struct ask *ask, struct arena *a,
	struct group_seen *g, struct group_created_out *out)
{
	enum err e = ERR_OK;

	out->notices = arena_array(a, out->members.n, sizeof *out->notices);
	if (!out->notices)
		return ERR_NOMEM;
	for (size_t i = 0; i < out->members.n && !e; i++) {
		const struct group_notice n = {
			.group_id = g->group.id, .user_id = out->members.v[i], .nth = (uint32_t)i
		};
		e = group_members_add(tx, ask, g, n.user_id);
		if (!e && i > 0)
			e = group_notice_add(tx, ask, &n, a, &out->notices[i - 1]);
	}
	return e;
}

enum err group_created_apply(struct tx *tx, const struct ask *ask, const struct create_group *in,
	struct arena *a, struct group_created_out **out)
{
	enum group_kind kind = in->kind.set && !in->kind.null ? in->kind.v : GROUP_KIND_CHANNEL;
	struct group_created_out *made = ARENA_NEW(a, struct group_created_out);
	char bytes[PAIR_BYTES];
	struct str folded, pair = { bytes, 0 };

	if (!made)
		return ERR_NOMEM;
	made->group.kind = kind;
	enum err e = gather(tx, ask, in, a, &made->members);
	if (!e)
		e = check(tx, in, made, a, &folded);
	if (!e)
		e = all_exist(tx, &made->members);
	if (e)
		return e;
	*out = made;
	if (kind == GROUP_KIND_DIRECT) {
		pair_of(&made->members, bytes);
		pair.n = sizeof bytes;
		e = find_direct(tx, pair, a, made);
		if (e != ERR_NOT_FOUND)
			return e;
	}
	struct group_seen g = { .group = { .id = ask_id(ask, 0),
					.name = kind == GROUP_KIND_DIRECT ? STR("") : in->name.v,
					.kind = kind,
					.creatorId = { .set = true, .v = ask->user_id },
					.createdAt = ask->now_ms } };
	e = insert_group(tx, ask, &g.group, folded, pair);
	if (e)
		return e;
	g.pk = tx_rowid(tx);
	e = group_row_index(tx, g.pk, g.group.name);
	if (!e)
		e = add_members(tx, ask, a, &g, made);
	made->group = g.group;
	return e;
}

static struct group_created event_of(const struct group_created_out *out)
{
	return (struct group_created){
		.groupId = out->group.id,
		.creatorId = out->group.creatorId.v,
		.timestamp = out->group.createdAt,
		.name = out->group.name,
		.kind = out->group.kind,
		.members = out->members,
	};
}

void group_created_announce(struct hub *hub, const struct ask *ask, const struct create_group *in,
	const struct group_created_out *out)
{
	const struct group_answer answer = { out->group };
	const struct group_created event = event_of(out);

	(void)in;
	hub_answer(hub, ask, &answer);
	if (out->existed) {
		if (!ask->ack)
			hub_emit_socket(hub, EVENT_chat_group_created, &event, ask->socket);
		return;
	}
	for (size_t i = 0; i < out->members.n; i++)
		group_members_enter(hub, &out->group, out->members.v[i]);
	if (out->group.kind == GROUP_KIND_CHANNEL)
		hub_emit_all(hub, EVENT_chat_group_created, &event, ask_except(ask));
	else
		hub_emit_group(
			hub, EVENT_chat_group_created, &event, out->group.id, ask_except(ask));
	for (size_t i = 0; i + 1 < out->members.n; i++)
		notify_send(hub, &out->notices[i]);
}

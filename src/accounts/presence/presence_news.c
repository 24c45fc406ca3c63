/* SPDX-License-Identifier: MIT
 *
 * presence_news - see presence_news.h.
 *
 * Layer: accounts.  Threads: the loop's.
 */
#include "accounts/presence/presence_news.h"

#include <stdlib.h>

#include "base/table.h"

/* Sockets that have been told already. */
struct told {
	uint64_t socket;
	UT_hash_handle hh;
};

static void send_digest(void *context);

void presence_news_init(struct presence_news *n, const struct limits *limits)
{
	*n = (struct presence_news){ .limits = limits };
	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct presence_digest_draft *d = &n->digests[ns];
		d->news = n;
		d->ns = (enum ns)ns;
		d->timer.fn = send_digest;
		d->timer.context = d;
	}
}

void presence_news_stop(struct presence_news *n)
{
	for (int ns = 0; ns < NS_COUNT && n->hub; ns++)
		hub_timer_stop(n->hub, &n->digests[ns].timer);
}

static bool is_wide(const struct presence_news *n, enum ns ns)
{
	struct room all = { .kind = ROOM_NAMESPACE };

	return hub_count(n->hub, ns, all) > (size_t)n->limits->presence_fanout;
}

struct telling {
	struct presence_news *news;
	const struct presence_item *item;
	struct told *told;
};

static void tell_one(void *context, struct seat *seat)
{
	struct telling *t = context;
	struct told *told;

	if (seat->socket == t->item->except_socket)
		return;
	if (t->item->not_to_user && uuid_eq(seat->user_id, t->item->user_id))
		return;
	HASH_FIND(hh, t->told, &seat->socket, sizeof seat->socket, told);
	if (told || !(told = calloc(1, sizeof *told)))
		return;
	told->socket = seat->socket;
	HASH_ADD(hh, t->told, socket, sizeof told->socket, told);
	if (!told->hh.tbl)
		free(told); /* it may then be told twice */
	hub_emit_socket(t->news->hub, t->item->event, t->item->payload, seat->socket);
}

/* To the members of the user's groups, each socket once, and to the user's own. */
static void tell_concerned(struct presence_news *n, const struct presence_item *item)
{
	struct telling t = { n, item, NULL };
	struct told *told, *next;

	hub_each(n->hub, item->ns, (struct room){ ROOM_USER, item->user_id }, tell_one, &t);
	for (size_t i = 0; i < item->group_count; i++) {
		struct room members = { ROOM_GROUP, item->groups[i].id };
		if (!item->groups[i].is_channel)
			hub_each(n->hub, item->ns, members, tell_one, &t);
	}
	HASH_ITER(hh, t.told, told, next)
	{
		HASH_DEL(t.told, told);
		free(told);
	}
}

void presence_news_tell(struct presence_news *n, const struct presence_item *item)
{
	const struct audience all = {
		.to = { { .kind = ROOM_NAMESPACE } },
		.to_count = 1,
		.except = { { ROOM_USER, item->user_id } },
		.except_count = item->not_to_user,
		.except_socket = item->except_socket,
	};

	if (is_wide(n, item->ns))
		tell_concerned(n, item);
	else
		hub_emit(n->hub, item->event, item->payload, &all);
}

static void list_remove(struct uuid *list, size_t *count, struct uuid id)
{
	for (size_t i = 0; i < *count; i++) {
		if (uuid_eq(list[i], id)) {
			list[i] = list[--*count];
			return;
		}
	}
}

static void list_add(struct uuid *list, size_t *count, struct uuid id)
{
	if (*count < PRESENCE_NEWS_DIGEST_MAX)
		list[(*count)++] = id;
}

void presence_news_count(struct presence_news *n, enum ns ns, struct uuid user_id, bool connected)
{
	struct presence_digest_draft *d = &n->digests[ns];

	n->online[ns] += connected ? 1 : (size_t)-1;
	if (!is_wide(n, ns))
		return;
	list_remove(d->connected, &d->connected_count, user_id);
	list_remove(d->disconnected, &d->disconnected_count, user_id);
	if (connected)
		list_add(d->connected, &d->connected_count, user_id);
	else
		list_add(d->disconnected, &d->disconnected_count, user_id);
	if (!d->timer.running)
		hub_timer_start(n->hub, &d->timer, PRESENCE_NEWS_DIGEST_MS);
}

static void send_digest(void *context)
{
	struct presence_digest_draft *d = context;
	struct presence_news *n = d->news;
	CLEANUP(buf_done) struct buf text = { 0 };
	struct json_writer w = json_write_into(&text);
	const struct presence_digest digest = {
		.online = (int64_t)n->online[d->ns],
		.connected = { d->connected, d->connected_count },
		.disconnected = { d->disconnected, d->disconnected_count },
	};

	schema_encode(schema_payload(STR("presence_digest")), &digest, &w, NULL);
	d->connected_count = d->disconnected_count = 0;
	if (buf_failed(&text))
		return;
	const struct data_received data = { .dataType = STR("presence"),
		.data = buf_str(&text),
		.timestamp = clock_wall_ms(hub_clock(n->hub)) };
	hub_emit_all(n->hub,
		d->ns == NS_CHAT ? EVENT_chat_data_received : EVENT_music_data_received, &data, 0);
}

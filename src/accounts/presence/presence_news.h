/* SPDX-License-Identifier: MIT
 *
 * presence_news - who hears of a change of presence: all, or those concerned and a digest for the rest
 * (protocol.md section 5.1). Private to presence.
 *
 * Layer: accounts.  Threads: the loop's.
 */
#ifndef ACCOUNTS_PRESENCE_NEWS_H
#define ACCOUNTS_PRESENCE_NEWS_H

#include "accounts/presence.h"
#include "base/timer.h"

enum { PRESENCE_NEWS_DIGEST_MAX = 100, PRESENCE_NEWS_DIGEST_MS = 1000 };

/* What the next digest of a namespace will say. */
struct presence_digest_draft {
	struct presence_news *news;
	enum ns ns;
	struct uuid connected[PRESENCE_NEWS_DIGEST_MAX], disconnected[PRESENCE_NEWS_DIGEST_MAX];
	size_t connected_count, disconnected_count;
	struct timer timer;
};

struct presence_news {
	struct hub *hub;
	const struct limits *limits;
	size_t online[NS_COUNT]; /* users announced as connected */
	struct presence_digest_draft digests[NS_COUNT];
};

/* Something to tell about a user. */
struct presence_item {
	enum event_id event;
	const void *payload;
	enum ns ns;
	struct uuid user_id;
	const struct presence_group *groups; /* the user's */
	size_t group_count;
	bool not_to_user; /* the user's own sockets do not get it */
	uint64_t except_socket;
};

void presence_news_init(struct presence_news *n, const struct limits *limits);

/* Stops the timers. */
void presence_news_stop(struct presence_news *n);

void presence_news_tell(struct presence_news *n, const struct presence_item *item);

/* For the digest, where one is due: the user has come or gone. */
void presence_news_count(struct presence_news *n, enum ns ns, struct uuid user_id, bool connected);

#endif

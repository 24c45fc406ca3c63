/* SPDX-License-Identifier: MIT
 *
 * attempts - see attempts.h.
 *
 * Layer: accounts.  Threads: the loop's.
 */
#include "accounts/attempts.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/table.h"
#include "base/text.h"

enum {
	ENTRIES_MAX = 20000, /* then the oldest is forgotten */
	LOGIN_WINDOW_MS = 10 * 60 * 1000,
	REGISTRATION_WINDOW_MS = 60 * 60 * 1000,
	KNOWN_MAX = 20000, /* pairs of account and address; then the oldest is forgotten */
	DELAY_STEP_MS = 250,
	DELAY_MAX_MS = 10000,
};

/* What a counter counts. */
enum counted { LOGINS_OF_ACCOUNT, LOGINS_OF_ADDRESS, REGISTRATIONS_OF_ADDRESS, LOGINS_ANYWHERE };

struct counter {
	struct digest key;
	int64_t since_ms; /* its window's beginning */
	int64_t count;
	UT_hash_handle hh; /* in the order of since_ms */
};

struct attempts {
	const struct limits *limits;
	struct counter *counters;
	struct counter *
		known; /* LOGINS_OF_ACCOUNT's keys that have worked; nobody who fails can push one out */
};

enum err attempts_new(const struct limits *limits, struct attempts **out)
{
	struct attempts *t = calloc(1, sizeof *t);

	if (!t)
		return ERR_NOMEM;
	t->limits = limits;
	*out = t;
	return ERR_OK;
}

static void counter_remove(struct attempts *t, struct counter *c)
{
	HASH_DEL(t->counters, c);
	free(c);
}

static void known_remove(struct attempts *t, struct counter *c)
{
	HASH_DEL(t->known, c);
	free(c);
}

void attempts_free(struct attempts *t)
{
	if (!t)
		return;
	while (t->counters)
		counter_remove(t, t->counters);
	while (t->known)
		known_remove(t, t->known);
	free(t);
}

static struct digest key_of(enum counted what, struct str username, struct str address)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf text = { 0 };
	struct str folded = username;

	if (!username.n || text_fold(username, &a, &folded))
		folded = username;
	buf_byte(&text, (char)what);
	buf_append(&text, address);
	buf_byte(&text, '\0');
	buf_append(&text, folded);
	return hash_blake2b(buf_str(&text), NULL);
}

static struct counter *counter_find(struct attempts *t, const struct digest *key)
{
	struct counter *c;

	HASH_FIND(hh, t->counters, key, sizeof *key, c);
	return c;
}

/* The counter in its present window; NULL without memory. */
static struct counter *counter_get(
	struct attempts *t, const struct digest *key, int64_t now_ms, int64_t window_ms)
{
	struct counter *c = counter_find(t, key);

	if (c && now_ms - c->since_ms < window_ms)
		return c;
	if (c)
		counter_remove(t, c);
	if (HASH_COUNT(t->counters) >= ENTRIES_MAX)
		counter_remove(t, t->counters);
	c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->key = *key;
	c->since_ms = now_ms;
	HASH_ADD(hh, t->counters, key, sizeof c->key, c);
	if (c->hh.tbl)
		return c;
	free(c);
	return NULL;
}

struct bound {
	int64_t max, window_ms; /* max 0: none */
};

/* Counts one more; false when max were counted already: then *retry_ms is the end of the window. */
static bool count(struct attempts *t, const struct digest *key, struct bound bound, int64_t now_ms,
	int64_t *retry_ms)
{
	struct counter *c = counter_get(t, key, now_ms, bound.window_ms);

	if (!c || bound.max == 0)
		return true;
	if (c->count >= bound.max) {
		*retry_ms = c->since_ms + bound.window_ms - now_ms;
		return false;
	}
	c->count++;
	return true;
}

static void uncount(struct attempts *t, const struct digest *key)
{
	struct counter *c = counter_find(t, key);

	if (c && --c->count <= 0)
		counter_remove(t, c);
}

static bool is_known(const struct attempts *t, const struct digest *key)
{
	struct counter *c;

	HASH_FIND(hh, t->known, key, sizeof *key, c);
	return c;
}

/* Without memory it stays unknown. */
static void know(struct attempts *t, const struct digest *key)
{
	if (is_known(t, key))
		return;
	if (HASH_COUNT(t->known) >= KNOWN_MAX)
		known_remove(t, t->known);
	struct counter *c = calloc(1, sizeof *c);
	if (!c)
		return;
	c->key = *key;
	HASH_ADD(hh, t->known, key, sizeof c->key, c);
	if (!c->hh.tbl)
		free(c);
}

bool attempts_login(struct attempts *t, struct str username, struct str address, int64_t now_ms,
	int64_t *retry_ms)
{
	if (!address.n)
		return true;
	struct digest account = key_of(LOGINS_OF_ACCOUNT, username, address);
	struct digest all = key_of(LOGINS_OF_ADDRESS, STR(""), address);
	struct bound of_account = { t->limits->failed_logins, LOGIN_WINDOW_MS };
	struct bound of_address = { t->limits->failed_logins_address, LOGIN_WINDOW_MS };
	if (!count(t, &account, of_account, now_ms, retry_ms))
		return false;
	if (!count(t, &all, of_address, now_ms, retry_ms)) {
		uncount(t, &account);
		return false;
	}
	struct digest anywhere = key_of(LOGINS_ANYWHERE, username, STR(""));
	struct bound unbounded = { INT64_MAX, LOGIN_WINDOW_MS };
	if (!is_known(t, &account))
		(void)count(t, &anywhere, unbounded, now_ms, retry_ms);
	return true;
}

int64_t attempts_login_delay(
	struct attempts *t, struct str username, struct str address, int64_t now_ms)
{
	int64_t most = t->limits->failed_logins_account;

	if (!address.n || most == 0)
		return 0;
	struct digest account = key_of(LOGINS_OF_ACCOUNT, username, address);
	struct digest anywhere = key_of(LOGINS_ANYWHERE, username, STR(""));
	const struct counter *c = counter_find(t, &anywhere);
	if (!c || now_ms - c->since_ms >= LOGIN_WINDOW_MS || c->count <= most ||
		is_known(t, &account))
		return 0;
	int64_t over = c->count - most;
	return over < DELAY_MAX_MS / DELAY_STEP_MS ? over * DELAY_STEP_MS : DELAY_MAX_MS;
}

void attempts_login_worked(struct attempts *t, struct str username, struct str address)
{
	struct digest account = key_of(LOGINS_OF_ACCOUNT, username, address);
	struct digest all = key_of(LOGINS_OF_ADDRESS, STR(""), address);
	struct digest anywhere = key_of(LOGINS_ANYWHERE, username, STR(""));

	uncount(t, &account);
	uncount(t, &all);
	if (address.n && !is_known(t, &account))
		uncount(t, &anywhere);
}

void attempts_login_known(struct attempts *t, struct str username, struct str address)
{
	struct digest account = key_of(LOGINS_OF_ACCOUNT, username, address);

	if (address.n)
		know(t, &account);
}

bool attempts_registration(
	struct attempts *t, struct str address, int64_t now_ms, int64_t *retry_ms)
{
	struct digest key = key_of(REGISTRATIONS_OF_ADDRESS, STR(""), address);
	struct bound bound = { t->limits->registrations, REGISTRATION_WINDOW_MS };

	return !address.n || count(t, &key, bound, now_ms, retry_ms);
}

void attempts_registration_failed(struct attempts *t, struct str address)
{
	struct digest key = key_of(REGISTRATIONS_OF_ADDRESS, STR(""), address);

	uncount(t, &key);
}

/* SPDX-License-Identifier: MIT
 *
 * cache - see cache.h.
 *
 * Layer: client.  Threads: one owner at a time.
 */
#include "client/cache.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum statement {
	PUT,
	DROP_ONE,
	DROP_ALL,
	DROP_PREFIX,
	ADD_MESSAGE,
	DROP_MESSAGE,
	PUT_UPLOAD,
	DROP_UPLOAD,
	FIND_UPLOAD,
	BEGIN,
	COMMIT,
	ROLLBACK,
	STATEMENT_COUNT
};

static const char *const statements[STATEMENT_COUNT] = {
	[PUT] = ("INSERT OR REPLACE INTO thing (kind, key, rev, mark, json) VALUES (?1, ?2, ?3, "
		 "?4, "
		 "?5)"),
	[DROP_ONE] = "DELETE FROM thing WHERE kind = ?1 AND key = ?2",
	[DROP_ALL] = "DELETE FROM thing WHERE kind = ?1",
	[DROP_PREFIX] = "DELETE FROM thing WHERE kind = ?1 AND key >= ?2 AND key <= ?3",
	[ADD_MESSAGE] = "INSERT INTO outgoing (json) VALUES (?1)",
	[DROP_MESSAGE] = "DELETE FROM outgoing WHERE number = ?1",
	[PUT_UPLOAD] = ("INSERT OR REPLACE INTO upload (path, metadata, size, mtime_ns, location) "
			"VALUES (?1, ?2, ?3, ?4, ?5)"),
	[DROP_UPLOAD] = "DELETE FROM upload WHERE path = ?1 AND metadata = ?2",
	[FIND_UPLOAD] = ("SELECT location FROM upload WHERE path = ?1 AND metadata = ?2 AND size = "
			 "?3 AND mtime_ns = ?4"),
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
};

static const char schema[] =
	"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1024;"
	"CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS thing (kind INTEGER NOT NULL, key BLOB NOT NULL, rev INTEGER "
	"NOT NULL,"
	" mark INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS outgoing (number INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT "
	"NOT NULL);"
	"CREATE TABLE IF NOT EXISTS upload (path BLOB NOT NULL, metadata BLOB NOT NULL, size "
	"INTEGER NOT NULL,"
	" mtime_ns INTEGER NOT NULL, location BLOB NOT NULL, PRIMARY KEY (path, metadata)) WITHOUT "
	"ROWID;";

struct cache {
	sqlite3 *db;
	sqlite3_stmt *prepared[STATEMENT_COUNT];
	bool open; /* a transaction is */
	bool frozen; /* a thing could not be written: none is from then on, so that the file says nothing half */
};

static bool run(struct cache *c, enum statement s)
{
	int r = sqlite3_step(c->prepared[s]);

	sqlite3_reset(c->prepared[s]);
	sqlite3_clear_bindings(c->prepared[s]);
	return r == SQLITE_DONE;
}

static void begin(struct cache *c)
{
	if (!c->open)
		c->open = run(c, BEGIN);
}

void cache_commit(struct cache *c)
{
	if (c->open && run(c, COMMIT))
		c->open = false;
}

/* The file is for one server. */
static enum err claim(struct cache *c, const char *url)
{
	char *sql = sqlite3_mprintf("BEGIN IMMEDIATE;"
				    "CREATE TEMP TABLE foreigner AS SELECT 1 WHERE NOT EXISTS "
				    "(SELECT 1 FROM about WHERE "
				    "name = 'url' AND value = %Q);"
				    "DELETE FROM thing WHERE EXISTS (SELECT 1 FROM foreigner);"
				    "DELETE FROM outgoing WHERE EXISTS (SELECT 1 FROM foreigner);"
				    "DELETE FROM upload WHERE EXISTS (SELECT 1 FROM foreigner);"
				    "DROP TABLE foreigner;"
				    "INSERT OR REPLACE INTO about VALUES ('url', %Q); COMMIT",
		url, url);

	if (!sql)
		return ERR_NOMEM;
	int r = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return r == SQLITE_OK ? ERR_OK : ERR_UNAVAILABLE;
}

static enum err open_file(struct cache *c, const char *folder, const char *url)
{
	char *path = sqlite3_mprintf("%s/antiphon.db", folder);

	if (!path)
		return ERR_NOMEM;
	int r = sqlite3_open_v2(path, &c->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	sqlite3_free(path);
	if (r != SQLITE_OK)
		return ERR_UNAVAILABLE;
	sqlite3_busy_timeout(c->db, 2000);
	if (sqlite3_exec(c->db, schema, NULL, NULL, NULL) != SQLITE_OK)
		return ERR_UNAVAILABLE;
	enum err e = claim(c, url);
	for (int i = 0; i < STATEMENT_COUNT && !e; i++)
		if (sqlite3_prepare_v3(c->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
			    &c->prepared[i], NULL) != SQLITE_OK)
			e = ERR_UNAVAILABLE;
	return e;
}

enum err cache_open(const char *folder, const char *url, struct cache **out)
{
	struct cache *c = calloc(1, sizeof *c);

	if (!c)
		return ERR_NOMEM;
	enum err e = mkdir(folder, 0700) && errno != EEXIST ? ERR_UNAVAILABLE
	                                                    : open_file(c, folder, url);
	if (e) {
		cache_close(c);
		return e;
	}
	*out = c;
	return ERR_OK;
}

void cache_close(struct cache *c)
{
	if (!c)
		return;
	if (c->db)
		cache_commit(c);
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(c->prepared[i]);
	sqlite3_close(c->db);
	free(c);
}

static struct str column(sqlite3_stmt *s, int i)
{
	const char *p = sqlite3_column_blob(s, i);

	return (struct str){ p, (size_t)sqlite3_column_bytes(s, i) };
}

enum err cache_load(struct cache *c, struct model *m)
{
	sqlite3_stmt *s;
	enum err e = ERR_OK;
	int r;

	if (sqlite3_prepare_v2(c->db,
		    "SELECT kind, key, rev, mark, json FROM thing ORDER BY kind, key", -1, &s,
		    NULL) != SQLITE_OK)
		return ERR_UNAVAILABLE;
	while ((r = sqlite3_step(s)) == SQLITE_ROW && e != ERR_NOMEM)
		e = model_load(m,
			&(struct model_record){ .kind = (enum model_kind)sqlite3_column_int(s, 0),
				.key = column(s, 1),
				.rev = sqlite3_column_int64(s, 2),
				.mark = sqlite3_column_int64(s, 3),
				.json = column(s, 4) });
	sqlite3_finalize(s);
	if (e == ERR_NOMEM)
		return e;
	return r == SQLITE_DONE ? ERR_OK : ERR_UNAVAILABLE;
}

static void bind(sqlite3_stmt *s, int i, struct str bytes)
{
	if (bytes.n)
		sqlite3_bind_blob(s, i, bytes.p, (int)bytes.n, SQLITE_STATIC);
	else
		sqlite3_bind_zeroblob(s, i, 0);
}

void cache_keep(struct cache *c, const struct model_record *r, bool gone)
{
	enum statement s = !gone                      ? PUT
	                   : !r->key.n                ? DROP_ALL
	                   : r->kind == MODEL_SETTING ? DROP_ONE
	                                              : DROP_PREFIX;
	sqlite3_stmt *to = c->prepared[s];
	char last[SHELF_KEY_MAX]; /* no key that begins so is higher */

	if (c->frozen)
		return;
	begin(c);
	sqlite3_bind_int(to, 1, (int)r->kind);
	if (s != DROP_ALL)
		bind(to, 2, r->key);
	if (s == DROP_PREFIX) {
		memset(last, 0xff, sizeof last);
		memcpy(last, r->key.p, r->key.n < sizeof last ? r->key.n : sizeof last);
		bind(to, 3, (struct str){ last, sizeof last });
	}
	if (s == PUT) {
		sqlite3_bind_int64(to, 3, r->rev);
		sqlite3_bind_int64(to, 4, r->mark);
		sqlite3_bind_text(to, 5, r->json.n ? r->json.p : "", (int)r->json.n, SQLITE_STATIC);
	}
	bool written = run(c, s) && c->open;
	if (written)
		return;
	c->frozen = true;
	if (c->open && run(c, ROLLBACK))
		c->open = false;
}

void cache_add_message(struct cache *c, struct str json, int64_t *number)
{
	cache_commit(c); /* it does not share the fate of what the turn has written */
	begin(c);
	sqlite3_bind_text(c->prepared[ADD_MESSAGE], 1, json.p, (int)json.n, SQLITE_STATIC);
	*number = run(c, ADD_MESSAGE) ? sqlite3_last_insert_rowid(c->db) : 0;
	cache_commit(c);
}

void cache_drop_message(struct cache *c, int64_t number)
{
	begin(c);
	sqlite3_bind_int64(c->prepared[DROP_MESSAGE], 1, number);
	(void)run(c, DROP_MESSAGE);
}

enum err cache_each_message(
	struct cache *c, void (*fn)(void *context, int64_t number, struct str json), void *context)
{
	sqlite3_stmt *s;
	int r;

	if (sqlite3_prepare_v2(c->db, "SELECT number, json FROM outgoing ORDER BY number", -1, &s,
		    NULL) != SQLITE_OK)
		return ERR_UNAVAILABLE;
	while ((r = sqlite3_step(s)) == SQLITE_ROW)
		fn(context, sqlite3_column_int64(s, 0), column(s, 1));
	sqlite3_finalize(s);
	return r == SQLITE_DONE ? ERR_OK : ERR_UNAVAILABLE;
}

/* ---- uploads ---- */

static sqlite3_stmt *bind_upload(struct cache *c, enum statement s, const struct cache_upload *u)
{
	sqlite3_stmt *to = c->prepared[s];

	bind(to, 1, u->path);
	bind(to, 2, u->metadata);
	if (s == DROP_UPLOAD)
		return to;
	sqlite3_bind_int64(to, 3, u->size);
	sqlite3_bind_int64(to, 4, u->mtime_ns);
	if (s == PUT_UPLOAD)
		bind(to, 5, u->location);
	return to;
}

void cache_keep_upload(struct cache *c, const struct cache_upload *u)
{
	enum statement s = u->location.n ? PUT_UPLOAD : DROP_UPLOAD;

	begin(c);
	(void)bind_upload(c, s, u);
	(void)run(c, s);
	cache_commit(c);
}

void cache_find_upload(
	struct cache *c, const struct cache_upload *u, char *location, size_t location_max)
{
	sqlite3_stmt *s = bind_upload(c, FIND_UPLOAD, u);

	if (sqlite3_step(s) == SQLITE_ROW && column(s, 0).n < location_max) {
		struct str found = column(s, 0);
		memcpy(location, found.p, found.n);
		location[found.n] = 0;
	}
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
}

/* SPDX-License-Identifier: MIT
 *
 * test_memory - the first, second, nth allocation fails in turn: it is told, and nothing is broken behind it.
 *
 * malloc, calloc and realloc of our own code are wrapped by the linker.
 *
 * Layer: tests.  Threads: one, besides the store's own.
 */
#include "../cmocka_all.h"

#include "../no_memory.h"
#include "store_fixture.h"

static const struct text_index words = {
	{ "INSERT INTO message_text (rowid, words) VALUES (?1, ?2)" },
	{ "INSERT INTO message_text (message_text, rowid, words) VALUES ('delete', ?1, ?2)" },
};
static const struct query put = { "INSERT INTO meta (name, value) VALUES ('memory', 1)" };
static const struct query count = {
	"SELECT (SELECT count(*) FROM meta WHERE name = 'memory'), (SELECT coalesce(sum(refs), 0) "
	"FROM blob),"
	" (SELECT count(*) FROM message_text WHERE message_text MATCH '\"grosse\"')"
};

static enum err write_all(struct tx *tx, void *context)
{
	enum err e = tx_run(tx, &put, NO_VALUES);

	if (!e)
		e = blob_ref(tx, context);
	return e ? e : tx_index_add(tx, &words, &(struct indexed){ 1, 0, STR("Größe") });
}

static enum err count_all(struct tx *tx, void *context)
{
	int64_t *n = context;
	struct row *r;
	enum err e = tx_one(tx, &count, NO_VALUES, &r);

	for (int i = 0; i < 3 && !e; i++)
		n[i] = row_int(r, i);
	return e;
}

static bool is_of_memory(enum err e)
{
	return e == ERR_NOMEM || e == ERR_UNAVAILABLE;
}

/* One life of a store in which the nth allocation fails. */
static void live(struct store_fixture *f)
{
	struct buf sentence = { 0 };
	struct blob blob;
	enum err e = store_fixture_open(f, &sentence);

	buf_done(&sentence);
	if (e) {
		f->store = NULL;
		assert_true(is_of_memory(e));
		return;
	}
	e = blob_write(store_blobs(f->store), STR("bytes"), &blob);
	if (!e)
		e = store_fixture_write(f, write_all, &blob, NULL);
	assert_true(
		!e || e == ERR_CONFLICT || is_of_memory(e)); /* conflict: a life before wrote it */
	store_close(f->store);
	f->store = NULL;
}

static void each_allocation_may_fail(void **state)
{
	struct store_fixture f;
	struct buf sentence = { 0 };
	int64_t n[3];
	int nth = 0;

	(void)state;
	store_fixture_init(&f);
	store_close(f.store);
	f.store = NULL;
	do {
		no_memory_begin(++nth);
		live(&f);
	} while (no_memory_end());
	assert_true(nth > 10);

	assert_int_equal(store_fixture_open(&f, &sentence), ERR_OK);
	assert_int_equal(store_fixture_write(&f, count_all, n, NULL), ERR_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(n[i], 1); /* all of a job, once, or nothing of it */
	assert_int_equal(store_fixture_files(&f), 1);
	store_fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

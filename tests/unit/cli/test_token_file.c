/* SPDX-License-Identifier: MIT
 *
 * test_token_file - tokens on the disk: mode 0600, one a server, none for whom others could read it.
 *
 * Layer: tests.  Threads: one.
 */
#include "quiet.h"

#include <sys/stat.h>
#include <unistd.h>

#include "cli/token_file.h"

/* The words of a run on this server, its configuration in dir. */
static void begin(struct quiet *q, const char *dir, const char *server)
{
	const char *const words[] = { "whoami", "--config", dir, server ? "--server" : NULL, server,
		NULL };

	assert_int_equal(quiet_begin(q, words), EX_OK);
}

static void a_token_is_kept_for_its_server_and_its_user_alone(void **state)
{
	char top[] = "/tmp/antiphon-XXXXXX", dir[64], path[200];
	const struct str user = STR("019aa000-0000-7000-8000-000000000001");
	struct token_file token;
	struct stat about;
	struct quiet q;

	(void)state;
	assert_non_null(mkdtemp(top));
	snprintf(dir, sizeof dir, "%s/a/b", top);
	begin(&q, dir, "http://one:1/");
	assert_int_equal(token_file_read(&q.c, &token), EX_OK);
	assert_null(token.token);
	assert_int_equal(token_file_write(&q.c, STR("secret"), user), EX_OK);
	assert_int_equal(token_file_read(&q.c, &token), EX_OK);
	assert_string_equal(token.token, "secret");
	snprintf(path, sizeof path, "%s/model-http%%3A%%2F%%2Fone%%3A1-%s", dir, user.p);
	assert_string_equal(token.folder, path);
	quiet_end(&q);

	snprintf(path, sizeof path, "%s/token-http%%3A%%2F%%2Fone%%3A1", dir);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);

	begin(&q, dir, "http://two:1");
	assert_int_equal(token_file_read(&q.c, &token), EX_OK);
	assert_null(token.token);
	quiet_end(&q);

	unsetenv("ANTIPHON_SERVER");
	begin(&q, dir, NULL); /* the one signed in to last */
	assert_string_equal(token_file_server(&q.c), "http://one:1");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(token_file_read(&q.c, &token), EX_NOPERM);
	assert_int_equal(token_file_remove(&q.c), EX_OK);
	assert_int_equal(token_file_remove(&q.c), EX_OK);
	assert_int_equal(access(path, F_OK), -1);
	quiet_end(&q);
}

static void a_folder_that_cannot_be_made_is_told(void **state)
{
	struct quiet q;

	(void)state;
	begin(&q, "/proc/nope", "http://one:1");
	assert_int_equal(token_file_write(&q.c, STR("secret"), STR("")), EX_CANTCREAT);
	quiet_flush(&q);
	assert_non_null(strstr(q.err, "/proc/nope"));
	quiet_end(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_kept_for_its_server_and_its_user_alone),
		cmocka_unit_test(a_folder_that_cannot_be_made_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * fuzz_config - a configuration file of any bytes: it is taken, and every number is in its range; or one sentence says why not.
 * What was taken is taken again, with the same numbers.
 *
 * Layer: tests.  Threads: one.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/config.h"
#include "base/text.h"
#include "fuzz.h"

static void numbers_are_in_range(const struct config *c)
{
#define LIMIT(...)
#define SETTABLE(id, value, least, most, unit, doc)                                                \
	MUST(c->limits.id >= (least) && c->limits.id <= (most));
#include "base/limits.def"
#undef LIMIT
#undef SETTABLE
}

static enum err read_once(const char *path, struct config *c)
{
	struct str sentence = { 0 };

	config_init(c);
	enum err e = config_read_file(c, path, &sentence);
	numbers_are_in_range(c);
	MUST(e == ERR_OK || e == ERR_BAD_REQUEST);
	if (e)
		MUST(sentence.n > 2 && sentence.p[sentence.n - 1] == '.');
	return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config first, second;
	char path[64];
	int fd = memfd_create("config", MFD_CLOEXEC);

	MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	enum err e = read_once(path, &first);
	MUST(read_once(path, &second) == e);
	MUST(memcmp(&first.limits, &second.limits, sizeof first.limits) == 0);
	MUST(first.listen.n == second.listen.n && first.listen.n <= CONFIG_LIST_MAX);
	config_done(&first);
	config_done(&second);
	close(fd);
	return 0;
}

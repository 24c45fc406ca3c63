/* SPDX-License-Identifier: MIT
 *
 * replay - gives every file of a corpus to a fuzz target, and each again cut short and with one byte changed,
 * in place of libFuzzer. TAP, a test a file.
 *
 * Layer: tests.  Threads: one.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

enum { FILE_MAX = 65536 };

/* The bytes in memory of exactly their size, so that a sanitizer sees what is read behind them. */
static void give(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	MUST(copy);
	memcpy(copy, data, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void give_with_changes(uint8_t *data, size_t size)
{
	static const uint8_t bytes[] = { 0x00, 0x1e, '"', '\\', '{', '[', '0', '-', 0x7f, 0x80,
		0xff };

	give(data, size);
	for (size_t at = 0; at < size; at++) {
		uint8_t kept = data[at];
		give(data, at);
		for (size_t i = 0; i < sizeof bytes; i++) {
			data[at] = bytes[i];
			give(data, size);
		}
		data[at] = kept;
	}
}

int main(int argc, char **argv)
{
	static uint8_t data[FILE_MAX];
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *e;
	char path[4096];
	int n = 0;

	MUST(folder);
	while ((e = readdir(folder))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", argv[1], e->d_name);
		FILE *file = fopen(path, "rb");
		MUST(file);
		size_t size = fread(data, 1, sizeof data, file);
		fclose(file);
		give_with_changes(data, size);
		printf("ok %d - %s\n", ++n, e->d_name);
	}
	closedir(folder);
	printf("1..%d\n", n);
	return n == 0;
}

/* SPDX-License-Identifier: MIT
 *
 * proc - see proc.h.
 *
 * Layer: bench.  Threads: one.
 */
#include "proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 64, STAT_BYTES = 1024 };

_Noreturn void proc_die(const char *what)
{
	perror(what);
	exit(1);
}

double proc_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double proc_cpu_seconds(int pid)
{
	static const char fields[] = "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu";
	char path[PATH_BYTES], text[STAT_BYTES];
	unsigned long user = 0, kernel = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *f = fopen(path, "r");
	if (!f)
		proc_die(path);
	size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	const char *at = strrchr(text, ')'); /* the program's name may hold anything */
	if (!at || sscanf(at + 2, fields, &user, &kernel) != 2)
		proc_die(path);
	return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

double proc_resident_bytes(int pid)
{
	char path[PATH_BYTES];
	unsigned long pages = 0;

	snprintf(path, sizeof path, "/proc/%d/statm", pid);
	FILE *f = fopen(path, "r");
	if (!f || fscanf(f, "%*u %lu", &pages) != 1)
		proc_die(path);
	fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

void proc_raise_files(void)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

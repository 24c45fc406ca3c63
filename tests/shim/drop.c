/* SPDX-License-Identifier: MIT
 *
 * drop - what a power cut would leave: keeps a second copy of a folder that has only what was synced.
 *
 * kill -9 leaves the page cache whole, so it cannot show that an acknowledgement came before its flush. Under
 * LD_PRELOAD this library watches the writes below DROP_FOLDER and repeats them in DROP_SHADOW when, and only when,
 * fsync or fdatasync asks for them: contents by file, names by folder. After the process was killed,
 * DROP_SHADOW/tree is the folder as the harshest disk would have kept it.
 *
 * Shadow: ino/N holds the synced content of inode N; tree/ holds hard links to those, by synced names.
 * Memory maps are not watched: SQLite writes its database and WAL by pwrite, and its -shm need not survive.
 *
 * Layer: tests.  Threads: any; one lock over everything.
 */
#undef _FILE_OFFSET_BITS /* else pwrite would be another name for pwrite64 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS_MAX = 65536, PENDING_MAX = 65536 };

/* A range written and not synced yet. */
struct range {
	ino_t ino;
	off_t from, to;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *shadow;
static bool watched[FDS_MAX];
static struct range pending[PENDING_MAX];
static size_t pending_count;

static void *real(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (!f)
		abort();
	return f;
}

#define REAL(name) ((__typeof__(&name))real(#name))

static void ino_path(ino_t ino, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s/ino/%lu", shadow, (unsigned long)ino);
}

/* Copies a range of the real file to its shadow; to < 0: to its end. */
static void copy_range(int fd, ino_t ino, off_t from, off_t to)
{
	char path[PATH_MAX], block[65536];
	struct stat s;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int in = REAL(open)(path, O_RDONLY | O_CLOEXEC); /* fd may be for writing alone */
	ino_path(ino, path);
	int out = REAL(open)(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (in < 0 || out < 0 || fstat(fd, &s))
		abort();
	if (to < 0 || to > s.st_size)
		to = s.st_size;
	while (from < to) {
		size_t want =
			(size_t)(to - from) < sizeof block ? (size_t)(to - from) : sizeof block;
		ssize_t n = pread(in, block, want, from);
		if (n <= 0 || REAL(pwrite)(out, block, (size_t)n, from) != n)
			break;
		from += n;
	}
	if (REAL(ftruncate)(out, s.st_size))
		abort();
	REAL(close)(in);
	REAL(close)(out);
}

/* The path of a descriptor below the folder, without a slash at the front; false when it is elsewhere. */
static bool below(int fd, char out[PATH_MAX])
{
	char link[64], path[PATH_MAX];

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof path - 1);
	size_t length = strlen(folder);
	if (n < 0)
		return false;
	path[n] = '\0';
	if (strncmp(path, folder, length) != 0 || (path[length] && path[length] != '/'))
		return false;
	snprintf(out, PATH_MAX, "%s", path[length] ? path + length + 1 : "");
	return true;
}

static void watch(int fd, bool made)
{
	char rest[PATH_MAX], path[PATH_MAX];
	struct stat s;

	if (fd < 0 || fd >= FDS_MAX || !folder)
		return;
	watched[fd] = below(fd, rest);
	if (watched[fd] && made && fstat(fd, &s) == 0 && S_ISREG(s.st_mode)) {
		ino_path(s.st_ino, path); /* the number may have had another life */
		REAL(unlink)(path);
	}
}

static int note_range(int fd, off_t from, off_t to)
{
	struct stat s;

	if (fd < 0 || fd >= FDS_MAX || !watched[fd] || fstat(fd, &s))
		return 0;
	pthread_mutex_lock(&lock);
	struct range *last = pending_count ? &pending[pending_count - 1] : NULL;
	if (last && last->ino == s.st_ino && last->to == from)
		last->to = to;
	else if (pending_count < PENDING_MAX)
		pending[pending_count++] = (struct range){ s.st_ino, from, to };
	else
		abort(); /* more unsynced writes than this test was made for */
	pthread_mutex_unlock(&lock);
	return 0;
}

/* The names of a folder become what they are now. */
static void sync_names(int fd, const char *rest)
{
	char at[PATH_MAX], from[PATH_MAX], to[PATH_MAX];

	snprintf(at, sizeof at, "%s/tree/%s", shadow, rest);
	mkdir(at, 0700);
	int again = REAL(openat)(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *real_dir = fdopendir(again), *kept = opendir(at);
	struct dirent *e;
	struct stat s;
	while (kept && (e = readdir(kept))) {
		snprintf(to, sizeof to, "%s/%s", at, e->d_name);
		if (e->d_name[0] != '.' && fstatat(fd, e->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0)
			REAL(unlink)(to);
	}
	while (real_dir && (e = readdir(real_dir))) {
		if (e->d_name[0] == '.' || fstatat(fd, e->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		snprintf(to, sizeof to, "%s/%s", at, e->d_name);
		if (S_ISDIR(s.st_mode)) {
			mkdir(to, 0700);
			continue;
		}
		ino_path(s.st_ino, from);
		REAL(close)(REAL(open)(from, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		REAL(unlink)(to);
		if (link(from, to))
			abort();
	}
	if (kept)
		closedir(kept);
	if (real_dir)
		closedir(real_dir);
}

static void sync_file(int fd, ino_t ino)
{
	size_t kept = 0;

	copy_range(fd, ino, 0, 0); /* makes it, and its length */
	for (size_t i = 0; i < pending_count; i++) {
		if (pending[i].ino == ino)
			copy_range(fd, ino, pending[i].from, pending[i].to);
		else
			pending[kept++] = pending[i];
	}
	pending_count = kept;
}

static void synced(int fd)
{
	char rest[PATH_MAX];
	struct stat s;

	if (fd < 0 || fd >= FDS_MAX || !folder || fstat(fd, &s) || !below(fd, rest))
		return;
	pthread_mutex_lock(&lock);
	if (S_ISDIR(s.st_mode))
		sync_names(fd, rest);
	else
		sync_file(fd, s.st_ino);
	pthread_mutex_unlock(&lock);
}

/* At the beginning everything that is there counts as synced. */
static int begin_with(const char *path, const struct stat *s, int type, struct FTW *ftw)
{
	(void)s;
	(void)ftw;
	int fd = REAL(open)(path, O_RDONLY | O_CLOEXEC);
	struct stat now;
	if (fd >= 0 && type == FTW_F && fstat(fd, &now) == 0)
		copy_range(fd, now.st_ino, 0, -1);
	if (fd >= 0)
		REAL(close)(fd);
	return 0;
}

static int begin_names(const char *path, const struct stat *s, int type, struct FTW *ftw)
{
	char rest[PATH_MAX];

	(void)s;
	(void)ftw;
	int fd = type == FTW_D ? REAL(open)(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0 && below(fd, rest))
		sync_names(fd, rest);
	if (fd >= 0)
		REAL(close)(fd);
	return 0;
}

__attribute__((constructor)) static void begin(void)
{
	char path[PATH_MAX];

	shadow = getenv("DROP_SHADOW");
	const char *wanted = getenv("DROP_FOLDER");
	if (!shadow || !wanted)
		return;
	mkdir(shadow, 0700);
	snprintf(path, sizeof path, "%s/ino", shadow);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/tree", shadow);
	mkdir(path, 0700);
	folder = wanted;
	nftw(folder, begin_with, 16, FTW_PHYS);
	nftw(folder, begin_names, 16, FTW_PHYS);
}

/* --- what the program calls --- */

static mode_t mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

#define OPEN_LIKE(name, at, path_)                                                                 \
	va_list args;                                                                              \
	va_start(args, flags);                                                                     \
	mode_t mode = mode_of(flags, args);                                                        \
	va_end(args);                                                                              \
	bool made = (flags & O_CREAT) && faccessat(at, path_, F_OK, 0) != 0;

int open(const char *path, int flags, ...)
{
	OPEN_LIKE(open, AT_FDCWD, path)
	int fd = REAL(open)(path, flags, mode);
	watch(fd, made);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	OPEN_LIKE(open64, AT_FDCWD, path)
	int fd = REAL(open)(path, flags | O_LARGEFILE, mode);
	watch(fd, made);
	return fd;
}

int openat(int at, const char *path, int flags, ...)
{
	OPEN_LIKE(openat, at, path)
	int fd = REAL(openat)(at, path, flags, mode);
	watch(fd, made);
	return fd;
}

int openat64(int at, const char *path, int flags, ...)
{
	OPEN_LIKE(openat64, at, path)
	int fd = REAL(openat)(at, path, flags | O_LARGEFILE, mode);
	watch(fd, made);
	return fd;
}

int close(int fd)
{
	if (fd >= 0 && fd < FDS_MAX)
		watched[fd] = false;
	return REAL(close)(fd);
}

ssize_t write(int fd, const void *p, size_t n)
{
	bool is_ours = fd >= 0 && fd < FDS_MAX && watched[fd];
	ssize_t done = REAL(write)(fd, p, n);
	int keep = errno;

	if (is_ours && done > 0) {
		off_t end = lseek(
			fd, 0, SEEK_CUR); /* with O_APPEND too: it is behind what was written */
		note_range(fd, end - done, end);
	}
	errno = keep;
	return done;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	ssize_t done = REAL(pwrite)(fd, p, n, at);
	int keep = errno;

	if (done > 0)
		note_range(fd, at, at + done);
	errno = keep;
	return done;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return pwrite(fd, p, n, at);
}

ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at)
{
	ssize_t done = REAL(pwritev)(fd, v, count, at);

	if (done > 0)
		note_range(fd, at, at + done);
	return done;
}

int fsync(int fd)
{
	int r = REAL(fsync)(fd);

	if (r == 0)
		synced(fd);
	return r;
}

int fdatasync(int fd)
{
	int r = REAL(fdatasync)(fd);

	if (r == 0)
		synced(fd);
	return r;
}

/* SPDX-License-Identifier: MIT
 *
 * file - see file.h and the end of conn.h.
 *
 * Layer: net.  Threads: the loop's.
 */
#include "net/file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum { COPY_BYTES = 16384 };

struct file {
	uint32_t refs;
	int fd;
};

enum err file_new(int take_fd, struct file **out)
{
	struct file *f = malloc(sizeof *f);

	if (!f) {
		close(take_fd);
		return ERR_NOMEM;
	}
	*f = (struct file){ .refs = 1, .fd = take_fd };
	*out = f;
	return ERR_OK;
}

struct file *file_ref(struct file *f)
{
	f->refs++;
	return f;
}

void file_unref(struct file *f)
{
	if (!f || --f->refs)
		return;
	close(f->fd);
	free(f);
}

static ssize_t copy_some(struct file *f, int socket, uint64_t offset, size_t n)
{
	char bytes[COPY_BYTES];
	ssize_t got = pread(f->fd, bytes, n < sizeof bytes ? n : sizeof bytes, (off_t)offset);

	return got > 0 ? send(socket, bytes, (size_t)got, MSG_NOSIGNAL) : got;
}

ssize_t file_send(struct file *f, int socket, uint64_t offset, size_t n)
{
	off_t at = (off_t)offset;
	ssize_t sent;

	do {
		sent = sendfile(socket, f->fd, &at, n);
		if (sent < 0 && (errno == EINVAL || errno == ENOSYS))
			sent = copy_some(f, socket, offset, n);
	} while (sent < 0 && errno == EINTR);
	return sent;
}

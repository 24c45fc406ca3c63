/* SPDX-License-Identifier: MIT
 *
 * conn_file - see conn_file.h and the end of conn.h.
 *
 * Layer: net.  Threads: the loop's.
 */
#include "net/conn_file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum { COPY_BYTES = 16384 };

struct conn_file {
	uint32_t refs;
	int fd;
};

enum err conn_file_new(int take_fd, struct conn_file **out)
{
	struct conn_file *f = malloc(sizeof *f);

	if (!f) {
		close(take_fd);
		return ERR_NOMEM;
	}
	*f = (struct conn_file){ .refs = 1, .fd = take_fd };
	*out = f;
	return ERR_OK;
}

struct conn_file *conn_file_ref(struct conn_file *f)
{
	f->refs++;
	return f;
}

void conn_file_unref(struct conn_file *f)
{
	if (!f || --f->refs)
		return;
	close(f->fd);
	free(f);
}

ssize_t conn_file_read(struct conn_file *f, char *p, uint64_t offset, size_t n)
{
	return pread(f->fd, p, n, (off_t)offset);
}

static ssize_t copy_some(struct conn_file *f, int socket, uint64_t offset, size_t n)
{
	char bytes[COPY_BYTES];
	ssize_t got = conn_file_read(f, bytes, offset, n < sizeof bytes ? n : sizeof bytes);

	return got > 0 ? send(socket, bytes, (size_t)got, MSG_NOSIGNAL) : got;
}

ssize_t conn_file_send(struct conn_file *f, int socket, uint64_t offset, size_t n)
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

/* SPDX-License-Identifier: MIT
 *
 * conn_tls - see conn_tls.h. What is sealed stands in memory until it is sent, and then no longer.
 *
 * Layer: net.  Threads: the loop's.
 */
#include "net/conn_tls.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { RECORD_BYTES = 16384 };

struct conn_tls {
	struct tls *tls;
	struct buf out;    /* sealed */
	size_t sent;       /* of it */
	struct buf *plain; /* where plain bytes go, while the stream is fed */
};

static void to_network(void *context, struct str bytes)
{
	struct conn_tls *t = context;

	buf_append(&t->out, bytes);
}

static void on_plain(void *context, char *p, size_t n)
{
	struct conn_tls *t = context;

	buf_append(t->plain, (struct str){ p, n });
}

enum err conn_tls_new(struct tls *take_tls, struct conn_tls **out)
{
	static const struct tls_sink sink = { .to_network = to_network, .plain = on_plain };
	struct conn_tls *t = calloc(1, sizeof *t);

	if (!t) {
		tls_free(take_tls);
		return ERR_NOMEM;
	}
	t->tls = take_tls;
	tls_set_sink(t->tls, &sink, t);
	*out = t;
	return ERR_OK;
}

void conn_tls_free(struct conn_tls *t)
{
	if (t)
		tls_free(conn_tls_leave(t));
}

struct tls *conn_tls_leave(struct conn_tls *t)
{
	struct tls *tls = t->tls;

	buf_done(&t->out);
	free(t);
	return tls;
}

bool conn_tls_feed(struct conn_tls *t, struct str bytes, struct buf *plain, bool *clean)
{
	t->plain = plain;
	bool goes_on = tls_feed(t->tls, bytes);
	t->plain = NULL;
	*clean = !goes_on && !tls_fault(t->tls);
	return goes_on && !buf_failed(plain) && !buf_failed(&t->out);
}

bool conn_tls_is_ready(const struct conn_tls *t)
{
	return tls_is_ready(t->tls);
}

size_t conn_tls_seal(struct conn_tls *t, const struct iovec *iov, size_t count)
{
	char record[RECORD_BYTES];
	struct str bytes = { record, 0 };

	if (count && iov[0].iov_len >= RECORD_BYTES) { /* it fills a record as it stands */
		bytes = (struct str){ iov[0].iov_base, RECORD_BYTES };
	} else {
		for (size_t i = 0; i < count && bytes.n < RECORD_BYTES; i++) {
			size_t n = RECORD_BYTES - bytes.n;
			if (n > iov[i].iov_len)
				n = iov[i].iov_len;
			memcpy(record + bytes.n, iov[i].iov_base, n);
			bytes.n += n;
		}
	}
	return tls_write(t->tls, bytes) && !buf_failed(&t->out) ? bytes.n : 0;
}

size_t conn_tls_waiting(const struct conn_tls *t)
{
	return t->out.n - t->sent;
}

int conn_tls_send(struct conn_tls *t, int fd)
{
	ssize_t n = 0;

	do {
		if (conn_tls_waiting(t))
			n = send(fd, t->out.p + t->sent, conn_tls_waiting(t), MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 1 : -1;
	t->sent += (size_t)n;
	if (conn_tls_waiting(t))
		return 1;
	buf_done(&t->out);
	t->sent = 0;
	return 0;
}

void conn_tls_end(struct conn_tls *t, int fd)
{
	tls_end(t->tls);
	(void)conn_tls_send(t, fd);
}

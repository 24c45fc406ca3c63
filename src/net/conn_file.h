/* SPDX-License-Identifier: MIT
 *
 * conn_file - the sending half of conn.h's shared files.
 *
 * Layer: net, private to it.  Threads: the loop's.
 */
#ifndef NET_CONN_FILE_H
#define NET_CONN_FILE_H

#include <sys/types.h>

#include "net/conn.h"

/*
 * Sends at most n bytes from offset to the socket, by sendfile, or by a bounded copy where that is not
 * possible. Returns how many, 0 at the end of the file, -1 with errno (EAGAIN when the socket is full).
 */
ssize_t conn_file_send(struct conn_file *f, int socket, uint64_t offset, size_t n);

/* Reads at most n bytes from offset. Returns how many, 0 at the end of the file, -1 with errno. */
ssize_t conn_file_read(struct conn_file *f, char *p, uint64_t offset, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * antiphon_transfer - one transfer of a file by attempts, each a call of libcurl that begins where the one before was cut.
 *
 * Layer: client, private to api.  Threads: the caller's.
 */
#ifndef CLIENT_API_ANTIPHON_TRANSFER_H
#define CLIENT_API_ANTIPHON_TRANSFER_H

#include "client/api/http.h"

struct antiphon_attempt {
	struct antiphon *c;
	const struct antiphon_transfer *t;
	CURL *curl;
	struct curl_slist *headers;
	int fd;
	int64_t offset, total;  /* bytes that are there; all of them */
	bool ranged;            /* not from the beginning was asked for */
	bool cancelled, failed; /* by the program; by the disk */
	bool no_memory;         /* which ends it: what has come so far is kept */
	bool wrong;             /* the server sent more than the file has */
	char location[512];     /* of the answer's headers */
	int64_t upload_offset;  /* the same; -1: none */
};

/* Prepares a->curl for a call. False without memory, which a->no_memory says too, for the headers as well. */
bool antiphon_transfer_open(struct antiphon_attempt *a, const char *method, const char *path);
void antiphon_transfer_header(struct antiphon_attempt *a, const char *name, const char *value);
void antiphon_transfer_number(struct antiphon_attempt *a, const char *name, int64_t value);

/* Makes the call. The status; 0: the connection was lost. */
int antiphon_transfer_perform(struct antiphon_attempt *a);

/* try(a) until its status is no passing trouble, or nothing has moved for as long as one is patient. The status; 0: given up. */
int antiphon_transfer_insist(struct antiphon_attempt *a, int (*try)(struct antiphon_attempt *a));

/* What a transfer that ended with the status has come to. */
enum antiphon_result antiphon_transfer_result(const struct antiphon_attempt *a, int status);

#endif

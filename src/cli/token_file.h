/* SPDX-License-Identifier: MIT
 *
 * token_file - the tokens of sessions on the disk: one file a server in the folder of the configuration, mode 0600,
 * and beside them the name of the server that was signed in to last.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_TOKEN_FILE_H
#define CLI_TOKEN_FILE_H

#include "cli/cli.h"

/* The server that this run is about: --server, $ANTIPHON_SERVER, the one signed in to last, or http://127.0.0.1:3000. */
const char *token_file_server(struct cli *c);

/* Of the session with that server; in the arena. */
struct token_file {
	const char *token; /* NULL when there is none */
	const char *path;  /* the file's; NULL without a home */
	bool exposed;      /* others may read it */
	const char *
		folder; /* where what is known of the account may be kept; NULL when its id is not known */
};

/* What is there; tells nothing. */
struct token_file token_file_look(struct cli *c);

/* EX_NOPERM, told, when others may read the file. */
int token_file_read(struct cli *c, struct token_file *out);

/* Keeps it with the id of its user, and the server as the one signed in to last. EX_CANTCREAT, told. */
int token_file_write(struct cli *c, struct str token, struct str user_id);

/* Forgets it. None there is no failure. */
int token_file_remove(struct cli *c);

#endif

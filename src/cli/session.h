/* SPDX-License-Identifier: MIT
 *
 * session - a run's client of libantiphon: made, signed in by the token on the disk, connected, asked.
 *
 * Every function tells what went wrong and returns the exit code for it.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <antiphon/antiphon.h>

#include "base/json_write.h"
#include "cli/cli.h"

/* A request's JSON while it is written: session_begin, json_write_… on w, session_ask. */
struct session_json {
	struct buf b;
	struct json_writer w;
};

/* The exit code that goes with a result. */
int session_exit_code(enum antiphon_result result);

/* A client with this token, or NULL for what needs none. EX_USAGE for a server that is no URL; EX_NOINPUT for --ca. */
int session_open(struct cli *c, const char *token);

/* The same with the token on the disk. EX_NOPERM when there is none. */
int session_open_signed_in(struct cli *c);

/* The same, and connected: both namespaces in step with the server. EX_UNAVAILABLE, EX_NOPERM, EX_TEMPFAIL. */
int session_connect(struct cli *c);

/*
 * The same, with the model and what waits to be sent kept in the configuration's folder, one folder a server and account: what was cut is
 * known to the next run. EX_CANTCREAT when it cannot be made.
 */
int session_connect_kept(struct cli *c);

/* A client that is kept so, signed in, not connected yet: for one that works offline. */
int session_open_kept(struct cli *c);

/* Why a connection failed; both empty when nothing was told. In the arena, harmless. */
struct session_trouble {
	struct str code, sentence;
};

/* Connects an open client and tells nothing: ANTIPHON_OK when it is in step with the server. */
enum antiphon_result session_try(struct cli *c, struct session_trouble *out);

/* Lets the client go. */
void session_done(struct cli *c);

/* A call of the HTTP API; json is an object or empty. *answer, which may be NULL, is in the arena. */
int session_http(
	struct cli *c, const char *method, const char *path, struct str json, struct str *answer);

/* An object that has been begun. */
void session_begin(struct session_json *j);

/* Ends the object, sends it, frees it. *answer: the acknowledgement, in the arena; may be NULL. */
int session_ask(struct cli *c, const char *ns, const char *event, struct session_json *j,
	struct str *answer);

/* The same with JSON that is there already. */
int session_ask_raw(
	struct cli *c, const char *ns, const char *event, struct str json, struct str *answer);

/* The same with bytes beside it. */
int session_ask_any(struct cli *c, const struct antiphon_any *what, struct str *answer);

/* A member that is a string; nothing when text is NULL. */
void session_text(struct session_json *j, const char *name, const char *text);

/* With --json: prints the acknowledgement without its `ok`, on one line, and returns true. */
bool session_print_json(struct cli *c, struct str answer);

#endif

/* SPDX-License-Identifier: MIT
 *
 * sio_recovery - connection state recovery: sockets that were lost wait for a while, with their rooms; what was sent
 * meanwhile is kept, and follows them when they come back (Socket.IO protocol revision 5, "Connection state recovery").
 *
 * Each event bears the number of the last kept one, as a string behind its arguments; clients remember it. A
 * secret that the client gets when it connects names its socket: handle and MAC, so that nothing has to be stored
 * for sockets that are connected.
 *
 * Layer: sio, private to it.  Threads: the core's.
 */
#ifndef SIO_RECOVERY_SIO_RECOVERY_H
#define SIO_RECOVERY_SIO_RECOVERY_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/table.h"
#include "eio/channel.h"
#include "sio/sio.h"

struct sio_client;
struct sio_core;
struct sio_kept;
struct sio_namespace;

enum { RECOVERY_SECRET_BYTES = 24, RECOVERY_OFFSET_BYTES = 20 };

/* A socket that was lost and may come back. */
struct sio_parked {
	uint64_t handle; /* its slot is kept for it */
	struct sio_namespace *namespace;
	void *user;
	int64_t due;                    /* given up then */
	uint64_t first_seq;             /* the namespace's number when it connected */
	uint64_t last_seq;              /* of the last event that was sent to it */
	uint64_t left_seq;              /* the namespace's number when it was lost */
	uint64_t start_seq;             /* once claimed: what follows this one is missed */
	struct sio_parked *next, *prev; /* all of the core, in the order of due */
	UT_hash_handle hh;              /* by handle */
	char id[SESSION_ID_BYTES];
	bool outrun;      /* it has missed what it will not get */
	struct buf rooms; /* a struct lost_room each, its name behind it */
};

/* A room of a lost socket, which hears what was sent to it while it was in it. */
struct lost_room {
	uint64_t since,
		until; /* the namespace's number then; until: UINT64_MAX while it is in it */
	uint16_t name_n;
};

/* sio_lost.c */

/* The next room from *at on: true, and *at behind it; false at the end. *at begins with 0. */
bool sio_lost_next_room(
	const struct sio_parked *p, size_t *at, struct lost_room *out, struct str *name);

/* True when the room is one of p's, or its own. */
bool sio_lost_is_in(const struct sio_parked *p, struct str room);

/* True when it was, as the event of that number was sent. */
bool sio_lost_was_in(const struct sio_parked *p, struct str room, uint64_t seq);

/* Notes the rooms of the socket. False without memory. */
bool sio_lost_note_rooms(struct sio_parked *p, const struct sio_socket *s);

/* p is in the room from now on, or no more. False when there is no room for it: what waits is then worth nothing. */
bool sio_lost_join(struct sio_parked *p, struct str room);
void sio_lost_leave(struct sio_parked *p, struct str room);

/* Appends the secret that a client comes back with. */
void sio_recovery_secret(const struct sio_core *core, uint64_t handle, struct buf *out);

/* Lets a connected socket wait, with its rooms; NULL when there is no recovery, or no memory. */
struct sio_parked *sio_recovery_park(struct sio_socket *s);

/* What it will have when it comes back, if it still waits. */
void sio_recovery_set_user(struct sio_core *core, uint64_t handle, void *user);

/* Back into the waiting: a claimed one whose connection was lost again. */
void sio_recovery_wait(struct sio_parked *p);

/*
 * Who comes with the secret and offset of auth, when all that it missed is still there; an older connection of
 * it is ended before. NULL: a new socket. The caller has it from then on.
 */
struct sio_parked *sio_recovery_claim(
	struct sio_core *core, struct sio_namespace *n, struct str auth);

/* False when a part of what p missed has been dropped since it was claimed. */
bool sio_recovery_is_whole(const struct sio_parked *p);

/* A claimed one has become a socket again: it joins its rooms and gets what it missed. Frees nothing. SIO_NO_MEMORY. */
enum sio_result sio_recovery_restore(struct sio_socket *s, const struct sio_parked *p);

/* Frees a claimed one. Its slot goes with the socket. */
void sio_recovery_free(struct sio_parked *p);

/* Gives one up that waits: the program is told. */
void sio_recovery_give_up(struct sio_parked *p);

/* The timer's. */
void sio_recovery_run(void *core);

/* Gives all up. */
void sio_recovery_done(struct sio_core *core);

/* sio_kept.c: whether events of the namespace bear numbers. */
bool sio_kept_is_on(const struct sio_namespace *n);

/* The number that an event bears, written to out: the next one when it is to be kept. Returns its length; 0 without recovery. */
size_t sio_kept_number(struct sio_namespace *n, bool keep, char out[RECOVERY_OFFSET_BYTES]);

/* Keeps the event that got the last number, if anybody could miss it. */
void sio_kept_add(struct sio_namespace *n, struct frame *f, const struct sio_target *to);

/* Drops what is older than that. */
void sio_kept_expire(struct sio_namespace *n, int64_t before);

/* When the oldest is to be dropped; INT64_MAX when nothing is kept. */
int64_t sio_kept_due(const struct sio_namespace *n);

/* Makes room for so many bytes more; what is dropped cannot be recovered any more. False when it cannot be. */
bool sio_kept_make_room(struct sio_namespace *n, size_t bytes);

/* Bytes of what p missed; not counted on beyond replay_bytes. */
size_t sio_kept_missed(const struct sio_namespace *n, const struct sio_parked *p);

/* Sends it. */
void sio_kept_replay(struct sio_namespace *n, const struct sio_parked *p, struct channel *to);

#endif

/* SPDX-License-Identifier: MIT
 *
 * route - the functions behind each row of routes.def: their typed prototypes.
 *
 * They have the shape of an event's verb (verb.h). `ask` has row NULL and socket 0; who asks has been found
 * by the bearer token before the first function runs, and is nil for ANYONE. Each route stands in a file of
 * its own that includes this header and completes struct ID_out (what apply hands to announce; made in the
 * arena) and, for SECRET, struct ID_found and struct ID_prepared.
 *
 *   enum err ID_admit(struct hub *, const struct ask *, const struct IN *, const char **sentence);
 *       On the loop, before anything else: limits that are held in memory, what configuration forbids. SECRET alone.
 *   enum err ID_read(struct tx *, const struct ask *, const struct IN *, struct arena *, struct ID_found **out);
 *       Of SECRET, on a reader: what the worker needs, as the stored password.
 *   enum err ID_prepare(const struct ask *, const struct IN *, const struct ID_found *, struct arena *, struct ID_prepared **out);
 *       On a worker: Argon2id. Its refusal is told by err_doc; what needs another sentence is refused in apply.
 *   enum err ID_apply(struct tx *, const struct ask *, const struct IN *, struct arena *, struct ID_out **out);
 *       On the writer; may be run again. Of SECRET, ask->prepared is what prepare made. Refuses by tx_refuse.
 *   void ID_announce(struct hub *, const struct ask *, const struct IN *, const struct ID_out *, struct ANSWER *answer);
 *       On the loop, after the commit: memory, events to others; fills the answer, which is zeroed before.
 *   void ID_refused(struct hub *, const struct ask *, const struct IN *, enum err e);
 *       On the loop: SECRET was refused after admit, by whichever step; where failed logins are counted.
 *   enum err ID_read(struct tx *, const struct ask *, const struct IN *, struct arena *, struct ANSWER *out);
 *       Of READ, on a reader. Refuses by tx_refuse.
 *
 * Layer: dispatch.  Threads: as above.
 */
#ifndef DISPATCH_ROUTE_H
#define DISPATCH_ROUTE_H

#include "base/arena.h"
#include "dispatch/ask.h"
#include "dispatch/executor.h"
#include "dispatch/hub.h"
#include "schema/payload.h"

#define ROUTE_WRITE(id, in_type, answer_type)                                                      \
	struct id##_out;                                                                           \
	NODISCARD enum err id##_apply(struct tx *tx, const struct ask *ask,                        \
		const struct in_type *in, struct arena *a, struct id##_out **out);                 \
	void id##_announce(struct hub *hub, const struct ask *ask, const struct in_type *in,       \
		const struct id##_out *out, struct answer_type *answer);
#define ROUTE_SECRET(id, in_type, answer_type)                                                     \
	ROUTE_WRITE(id, in_type, answer_type)                                                      \
	struct id##_found;                                                                         \
	struct id##_prepared;                                                                      \
	NODISCARD enum err id##_admit(struct hub *hub, const struct ask *ask,                      \
		const struct in_type *in, const char **sentence);                                  \
	NODISCARD enum err id##_read(struct tx *tx, const struct ask *ask,                         \
		const struct in_type *in, struct arena *a, struct id##_found **out);               \
	NODISCARD enum err id##_prepare(const struct ask *ask, const struct in_type *in,           \
		const struct id##_found *found, struct arena *a, struct id##_prepared **out);      \
	void id##_refused(struct hub *hub, const struct ask *ask, const struct in_type *in,        \
		enum err e);
#define ROUTE_READ(id, in_type, answer_type)                                                       \
	NODISCARD enum err id##_read(struct tx *tx, const struct ask *ask,                         \
		const struct in_type *in, struct arena *a, struct answer_type *out);
#define ROUTE_CALL(id, in_type, answer_type)
#define ROUTE(id, method, path, kind, who, in_type, answer_type, status, errors, doc)              \
	ROUTE_##kind(id, in_type, answer_type)
#include "schema/routes.def"
#undef ROUTE

/* The same without types, for the router; a function that a kind has not is NULL. */
struct route_verb {
	enum err (*admit)(struct hub *hub, const struct ask *ask, const void *in, const char **sentence);
	enum err (*find)(struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void **out);
	enum err (*prepare)(const struct ask *ask, const void *in, const void *found, struct arena *a,
		void **out);
	enum err (*apply)(struct tx *tx, const struct ask *ask, const void *in, struct arena *a,
		void **out);
	enum err (*read)(struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void *out);
	void (*announce)(struct hub *hub, const struct ask *ask, const void *in, const void *out,
		void *answer);
	void (*refused)(struct hub *hub, const struct ask *ask, const void *in, enum err e);
};

#endif

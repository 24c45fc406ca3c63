/* SPDX-License-Identifier: MIT
 *
 * route - the functions behind each row of routes.def: their typed prototypes, and the table of
 * them by row.
 *
 * They have the shape of an event's verb (dispatch/verb.h). Who asks has been found by the bearer
 * token before the first function of the store runs, and is nil for ANYONE. Each route stands in a
 * file of its own, in app/routes/, that includes this header and completes struct ID_out (what
 * apply hands to announce; made in the arena) and, for SECRET, struct ID_found and struct
 * ID_prepared.
 *
 *   enum err ID_admit(struct route_ask *, const struct IN *, const char **sentence);
 *       On the loop, before anything else: limits that are held in memory, what configuration
 *       forbids. SECRET alone.
 *   enum err ID_read(struct tx *, const struct route_ask *, const struct IN *, struct arena *,
 *       struct ID_found **out);
 *       Of SECRET, on a reader: what the worker needs, as the stored password.
 *   enum err ID_prepare(const struct route_ask *, const struct IN *, struct ID_found *,
 *       struct arena *, struct ID_prepared **out);
 *       On a worker: Argon2id. What is refused by a sentence is refused in apply.
 *   enum err ID_apply(struct tx *, const struct route_ask *, const struct IN *, struct arena *,
 *       struct ID_out **out);
 *       On the writer; may be run again. Of SECRET, ask->ask.prepared is what prepare made.
 *       Refuses by tx_refuse.
 *   void ID_announce(struct hub *, const struct route_ask *, const struct IN *,
 *       const struct ID_out *, struct ANSWER *answer);
 *       On the loop, after the commit: memory, events to others; fills the answer, which is zeroed
 *       before.
 *   void ID_refused(struct route_ask *, const struct IN *, enum err e);
 *       On the loop: SECRET was refused behind admit, by whichever step.
 *   enum err ID_read(struct tx *, const struct route_ask *, const struct IN *, struct arena *,
 *       struct ANSWER *out);
 *       Of READ, on a reader. Refuses by tx_refuse.
 *
 * Layer: app.  Threads: as above.
 */
#ifndef APP_HTTP_ROUTE_H
#define APP_HTTP_ROUTE_H

#include "accounts/attempts.h"
#include "accounts/registration.h"
#include "base/arena.h"
#include "dispatch/ask.h"
#include "dispatch/hub.h"
#include "http/http_head.h"
#include "schema/payload.h"

/* What routes share; made once. */
struct route_site {
	enum registration_policy policy;
	struct attempts *attempts; /* the loop's alone */
};

/* Who asks for what. Constant but for retry_ms. */
struct route_ask {
	struct ask ask;
	struct str about; /* what the client calls itself: User-Agent */
	const struct route_site *site;
	int64_t retry_ms; /* set by admit with ERR_RATE_LIMITED */
	int64_t delay_ms; /* set by admit: what follows waits so long */
};

struct tx;

#define ROUTE_WRITE(id, in_type, answer_type)                                                      \
	struct id##_out;                                                                           \
	NODISCARD enum err id##_apply(struct tx *tx, const struct route_ask *ask,                  \
		const struct in_type *in, struct arena *a, struct id##_out **out);                 \
	void id##_announce(struct hub *hub, const struct route_ask *ask, const struct in_type *in, \
		const struct id##_out *out, struct answer_type *answer);
#define ROUTE_SECRET(id, in_type, answer_type)                                                     \
	ROUTE_WRITE(id, in_type, answer_type)                                                      \
	struct id##_found;                                                                         \
	struct id##_prepared;                                                                      \
	NODISCARD enum err id##_admit(                                                             \
		struct route_ask *ask, const struct in_type *in, const char **sentence);           \
	NODISCARD enum err id##_read(struct tx *tx, const struct route_ask *ask,                   \
		const struct in_type *in, struct arena *a, struct id##_found **out);               \
	NODISCARD enum err id##_prepare(const struct route_ask *ask, const struct in_type *in,     \
		struct id##_found *found, struct arena *a, struct id##_prepared **out);            \
	void id##_refused(struct route_ask *ask, const struct in_type *in, enum err e);
#define ROUTE_READ(id, in_type, answer_type)                                                       \
	NODISCARD enum err id##_read(struct tx *tx, const struct route_ask *ask,                   \
		const struct in_type *in, struct arena *a, struct answer_type *out);
#define ROUTE_CALL(id, in_type, answer_type)
#define ROUTE(id, method, path, kind, who, in_type, answer_type, status, errors, doc)              \
	ROUTE_##kind(id, in_type, answer_type)
#include "schema/routes.def"
#undef ROUTE
#undef ROUTE_WRITE
#undef ROUTE_SECRET
#undef ROUTE_READ
#undef ROUTE_CALL

/* A row's functions without their types; what a kind has not is NULL. */
struct route_functions {
	enum http_head_method method;
	enum err (*admit)(struct route_ask *ask, const void *in, const char **sentence);
	enum err (*find)(struct tx *tx, const struct route_ask *ask, const void *in,
		struct arena *a, void **out);
	enum err (*prepare)(const struct route_ask *ask, const void *in, void *found,
		struct arena *a, void **out);
	enum err (*apply)(struct tx *tx, const struct route_ask *ask, const void *in,
		struct arena *a, void **out);
	enum err (*read)(struct tx *tx, const struct route_ask *ask, const void *in,
		struct arena *a, void *out);
	void (*announce)(struct hub *hub, const struct route_ask *ask, const void *in,
		const void *out, void *answer);
	void (*refused)(struct route_ask *ask, const void *in, enum err e);
};

extern const struct route_functions route_functions[ROUTE_COUNT];

/*
 * The row for a path, and what stands in the place of `:id` (empty without). GET's row serves HEAD
 * too. ROUTE_COUNT when there is none: *allow, a bit 1 << method a method, says what the path
 * takes; 0 when there is no such path.
 */
enum route_id route_find(
	enum http_head_method method, struct str path, struct str *id, uint32_t *allow);

#endif

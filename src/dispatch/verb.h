/* SPDX-License-Identifier: MIT
 *
 * verb - the functions behind each row of events.def: their typed prototypes, and the table of them.
 *
 * A row's id names its functions; which there are follows from its kind. Each verb stands in a file of its
 * own that includes this header, completes struct ID_out (what apply hands to announce; made in the arena)
 * and, for BLOB, struct ID_prepared (what prepare hands to apply, as ask->prepared).
 *
 *   enum err ID_prepare(struct blobs *, const struct ask *, const struct IN *, struct arena *, struct ID_prepared **out);
 *       On a worker: what blocks. Its refusal is told by err_doc; what needs a better sentence is refused in apply.
 *   enum err ID_apply(struct tx *, const struct ask *, const struct IN *, struct arena *, struct ID_out **out);
 *       On the writer, in the transaction; may be run again: ids and time come from ask. Refuses by tx_refuse.
 *   enum err ID_read(struct tx *, const struct ask *, const struct IN *, struct arena *, struct ANSWER *out);
 *       On a reader. Changes nothing. Refuses by tx_refuse.
 *   void ID_announce(struct hub *, const struct ask *, const struct IN *, const struct ID_out *out);
 *       On the loop, after the commit: memory, hub_answer, events. For LOOK: out is struct ANSWER, and not const.
 *   enum err ID_announce(struct hub *, const struct ask *, const struct IN *, const char **sentence);
 *       Of a LIVE row; refuses by its err, and may say a sentence.
 *
 * Layer: dispatch.  Threads: as above.
 */
#ifndef DISPATCH_VERB_H
#define DISPATCH_VERB_H

#include "base/arena.h"
#include "dispatch/ask.h"
#include "dispatch/executor.h"
#include "dispatch/hub.h"
#include "schema/payload.h"

#define VERB_WRITE(id, in_type, answer_type)                                                       \
	struct id##_out;                                                                           \
	NODISCARD enum err id##_apply(struct tx *tx, const struct ask *ask,                        \
		const struct in_type *in, struct arena *a, struct id##_out **out);                 \
	void id##_announce(struct hub *hub, const struct ask *ask, const struct in_type *in,       \
		const struct id##_out *out);
#define VERB_TURN VERB_WRITE
#define VERB_BLOB(id, in_type, answer_type)                                                        \
	VERB_WRITE(id, in_type, answer_type)                                                       \
	struct id##_prepared;                                                                      \
	NODISCARD enum err id##_prepare(struct blobs *blobs, const struct ask *ask,                \
		const struct in_type *in, struct arena *a, struct id##_prepared **out);
#define VERB_READ(id, in_type, answer_type)                                                        \
	NODISCARD enum err id##_read(struct tx *tx, const struct ask *ask,                         \
		const struct in_type *in, struct arena *a, struct answer_type *out);
#define VERB_LOOK(id, in_type, answer_type)                                                        \
	VERB_READ(id, in_type, answer_type)                                                        \
	void id##_announce(struct hub *hub, const struct ask *ask, const struct in_type *in,       \
		struct answer_type *out);
#define VERB_LIVE(id, in_type, answer_type)                                                        \
	NODISCARD enum err id##_announce(struct hub *hub, const struct ask *ask,                   \
		const struct in_type *in, const char **sentence);

#define CONNECT(id, ns, in_type, errors, doc) VERB_WRITE(id, in_type, empty)
#define ON(id, name, ns, kind, in_type, answer_type, who, rate, errors, doc)                       \
	VERB_##kind(id, in_type, answer_type)
#define EMIT(...)
#include "schema/events.def"
#undef CONNECT
#undef ON
#undef EMIT

/* The same without types, for dispatch; a function that a kind has not is NULL. */
struct verb {
	enum err (*prepare)(struct blobs *blobs, const struct ask *ask, const void *in,
		struct arena *a, const void **out);
	enum err (*apply)(
		struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void **out);
	enum err (*read)(
		struct tx *tx, const struct ask *ask, const void *in, struct arena *a, void *out);
	void (*announce)(struct hub *hub, const struct ask *ask, const void *in, void *out);
	enum err (*live)(
		struct hub *hub, const struct ask *ask, const void *in, const char **sentence);
};

#endif

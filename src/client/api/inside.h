/* SPDX-License-Identifier: MIT
 *
 * inside - what the files of the public interface share.
 *
 * One mutex stands around all that happens to a client, so that any thread may make requests once its own thread
 * drives it. It is recursive: callbacks are inside of it and call back.
 *
 * Layer: client, private to api.  Threads: any, with the mutex held unless a line says otherwise.
 */
#ifndef CLIENT_API_INSIDE_H
#define CLIENT_API_INSIDE_H

#include <antiphon/antiphon.h>
#include <pthread.h>

#include "base/arena.h"
#include "base/clock.h"
#include "client/cache.h"
#include "client/link/link.h"
#include "client/model.h"

enum { ANTIPHON_RESULTS_MAX = 1000, ANTIPHON_QUEUE_MAX = 100000 };

/* A request on its way. */
struct request {
	struct request *next;
	struct antiphon *c;
	struct loop_task task;
	uint64_t ticket;
	enum event_id id;
	enum antiphon_result refused; /* before it was sent: why; ANTIPHON_OK: not */
	struct str sentence;          /* its reason, in the arena */
	struct str json;              /* in the arena */
	struct str attachments[ATTACHMENTS_MAX];
	size_t attachment_count;
	struct arena arena;
	bool own;       /* the model's */
	bool stays;     /* a message: waits for a connection */
	bool begun;     /* the loop has it */
	bool flying;    /* it was sent and is not answered yet */
	int64_t number; /* of a message in the file; 0: it is not there */
	/* Calls done by its own type; typed: the answer in its public form, or NULL. */
	void (*finish)(void (*done)(void), void *context, const struct antiphon_answer *a,
		const void *typed);
	void (*done)(void);
	void *context;
};

/* An event that waits for antiphon_next, as JSON. */
struct queued {
	struct queued *next;
	enum antiphon_event event;
	struct buf json, *attachments;
	size_t attachment_count;
};

struct antiphon {
	char *url, *token, *username, *password, *tls_ca_file;
	int64_t connect_timeout_ms, request_timeout_ms;
	struct loop *loop;
	struct link *link;
	struct model *model;
	struct cache *cache; /* NULL: in memory alone */
	struct rng rng;
	struct clock clock;
	struct {
		antiphon_event_fn *fn;
		void *context;
	} on[ANTIPHON_EVENT_COUNT];
	bool queue_events;
	struct queued *queue, **queue_end;
	size_t queue_count;
	struct arena occurrence; /* what antiphon_next has given */
	struct request *requests, **requests_end;
	uint64_t last_ticket;
	struct {
		uint64_t ticket;
		enum antiphon_result result;
	} results[ANTIPHON_RESULTS_MAX];
	bool connected[NS_COUNT];
	enum antiphon_result refused; /* why the server does not want us; ANTIPHON_OK: it does */
	struct timer again;           /* what was refused for the moment is asked again */
	struct loop_hook turn;
	bool started, ending;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed; /* a request has ended, an event is queued, the model is in step */
};

/* antiphon.c: false: time is up. Drives the client, or waits for its thread, until done(c, context). */
bool antiphon_drive_until(struct antiphon *c, int64_t timeout_ms,
	bool (*done)(struct antiphon *c, void *context), void *context);

/* antiphon_event.c */
void antiphon_event_raise(struct antiphon *c, enum antiphon_event event, const void *payload);
void antiphon_event_error(struct antiphon *c, enum err code, struct str sentence);
void antiphon_event_done(struct antiphon *c);
void antiphon_event_forget(struct queued *take_q); /* NULL is taken */
const struct payload *antiphon_event_payload(enum antiphon_event event);

/* antiphon_typed.c: the event's row; NULL: there is none. */
const struct event *antiphon_typed_find(const struct antiphon_any *what);

/* antiphon_request.c */
struct antiphon_asked {
	enum event_id id;
	const void *what; /* the public struct; NULL: json */
	struct str json;
	const struct antiphon_bytes *bytes; /* that go with json */
	size_t byte_count;
	void (*finish)(void (*done)(void), void *context, const struct antiphon_answer *a,
		const void *typed); /* as request's */
	void (*done)(void);
	void *context;
};
uint64_t antiphon_request_new(
	struct antiphon *c, const struct antiphon_asked *asked); /* takes the mutex itself */
void antiphon_request_own(struct antiphon *c, enum event_id id, struct str json);
enum err antiphon_request_load(struct antiphon *c); /* messages that the file kept */
void antiphon_request_connected(struct antiphon *c, enum ns ns, bool recovered);
void antiphon_request_send_all(struct antiphon *c);
void antiphon_request_end_all(struct antiphon *c);

#endif

/* SPDX-License-Identifier: MIT
 *
 * app - see app.h. One function makes one part; app_close lets go of whatever there is.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/app.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/attempts.h"
#include "accounts/presence.h"
#include "accounts/session.h"
#include "accounts/user_row.h"
#include "app/admin_link.h"
#include "app/executor_threads.h"
#include "app/http/http_api.h"
#include "app/listening.h"
#include "app/notify_system.h"
#include "app/trace.h"
#include "app/verbs.h"
#include "app/version.h"
#include "app/wire_sio.h"
#include "chat/groups/group_row.h"
#include "chat/messages/message_row.h"
#include "host/web.h"
#include "music/tracks/track_row.h"
#include "store/search_index.h"
#include "store/url_key.h"

enum {
	WORKERS = 2,
	DRAIN_LOOK_MS = 20,
	HEAP_LOOK_MS = 30000,
	HEAP_FREE_BYTES = 32 << 20,
	RENEWING_TELL_MS = 5000,
	REPORT_MS = 60000
};

struct reported {
	int64_t at_ms;
	unsigned lines, withheld;
};

struct app {
	const struct config *config;
	const struct web_files *web;
	struct log log;
	struct clock clock;
	struct rng rng;
	struct wire_sio wire;
	struct listening listening;
	struct executor_threads threads;
	struct presence *presence;
	struct attempts *attempts;
	struct dispatch *dispatch;
	struct http_api *http;
	struct trace *trace;
	struct reported reported[ERR_COUNT];
	struct timer drain_timer;
	struct timer heap_timer;
	int64_t drain_until_ms;
	bool draining, drained;
};

/* --- making the parts --- */

static void list_of(const struct config_list *list, const char *out[CONFIG_LIST_MAX])
{
	for (size_t i = 0; i < list->n; i++)
		out[i] = list->v[i].p;
}

static enum err open_server(struct app *a)
{
	const struct limits *limits = &a->config->limits;
	static const char *const no_headers[] = { NULL }; /* none is asked for */
	const char *proxies[CONFIG_LIST_MAX], *origins[CONFIG_LIST_MAX];
	struct sio_options o;

	list_of(&a->config->trust_proxy, proxies);
	list_of(&a->config->cors_origin, origins);
	sio_options_init(&o);
	o.ping_interval = limits->ping_interval;
	o.recovery_time = limits->recovery * 1000;
	o.recovery_buffer = (size_t)limits->recovery_buffer;
	o.recovery_asks_connect = true; /* the session is looked at again */
	o.ping_timeout = limits->ping_timeout;
	o.connect_timeout = limits->connect_timeout;
	o.max_http_buffer_size = (uint32_t)limits->max_payload;
	o.send_queue_max = (size_t)limits->send_queue;
	o.volatile_queue_max = (size_t)limits->volatile_queue;
	o.per_message_deflate = o.http_compression = limits->compress_from > 0;
	o.per_message_deflate_threshold = o.http_compression_threshold =
		(size_t)limits->compress_from;
	o.max_connections_per_address = (size_t)limits->connections_per_address;
	o.max_connections = (size_t)limits->connections;
	o.max_waiting_connections = (size_t)limits->waiting_connections;
	o.max_handshakes_per_second = (uint32_t)limits->handshake_rate;
	o.max_packets_per_second = (uint32_t)limits->packet_rate;
	o.min_transfer_rate = (uint32_t)limits->transfer_rate;
	o.transfer_window = limits->transfer_window;
	o.kept_headers = no_headers;
	o.max_handshake_bytes = HANDSHAKE_BYTES_MAX;
	o.threads = (unsigned)limits->threads;
	o.trusted_proxies = proxies;
	o.trusted_proxy_count = a->config->trust_proxy.n;
	o.proxy_header = a->config->proxy_header.p;
	o.cors_origins = origins;
	o.cors_origin_count = a->config->cors_origin.n;
	enum sio_result r = sio_server_new(&o, &a->wire.server);
	if (r) {
		log_line(&a->log, LOG_ERROR, "The server cannot begin: %s%s.", sio_result_text(r),
			r == SIO_INVALID
				? " (look at trust_proxy: each is an address or ADDRESS/BITS)"
				: "");
		return r == SIO_INVALID ? ERR_BAD_REQUEST : ERR_UNAVAILABLE;
	}
	a->wire.loop = a->threads.loop = web_loop(a->wire.server);
	return wire_sio_open(&a->wire);
}

/* The folders above the data folder; the store makes that itself, for its owner alone. */
static void make_parents(const char *path)
{
	char part[1024];

	for (size_t i = 1; path[i] && i < sizeof part - 1; i++) {
		if (path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		(void)mkdir(part, 0755); /* what cannot be made shows when the store opens */
	}
}

static enum err open_store(struct app *a)
{
	struct store_options o = { .folder = a->config->data.p,
		.clock = a->clock,
		.read_bounds = { a->config->limits.user_read_time,
			a->config->limits.user_read_burst },
		.batch_max = (size_t)a->config->limits.writer_batch,
		.post = executor_threads_post,
		.post_context = a->threads.loop };
	struct buf sentence = { 0 };

	make_parents(o.folder);
	enum err e = store_open(&o, &sentence, &a->threads.store);
	if (e)
		log_line(&a->log, LOG_ERROR, STR_FMT, STR_ARG(buf_str(&sentence)));
	buf_done(&sentence);
	return e;
}

/* The first job: the key of signed paths, when there is none yet. */
struct first_job {
	struct store_job job;
	struct digest fresh_key;
};

static enum err run_first_job(struct tx *tx, struct store_job *job)
{
	struct first_job *f = (struct first_job *)(void *)job; /* its first member */

	return url_key_make(tx, &f->fresh_key);
}

static enum err cannot_write(struct app *a, enum err e)
{
	log_line(&a->log, LOG_ERROR, "The database in %s cannot be written to.", a->config->data.p);
	return e;
}

/* An index of words that is made anew tells the log and systemd that it goes on, now and then. */
struct renewing {
	struct app *app;
	int64_t told_ms;
};

static void renewing_goes_on(void *context, const char *name, int64_t done, int64_t last)
{
	struct renewing *r = context;
	int64_t now_ms = clock_monotonic_ms(&r->app->clock);

	if (now_ms - r->told_ms < RENEWING_TELL_MS)
		return;
	r->told_ms = now_ms;
	notify_system("EXTEND_TIMEOUT_USEC=60000000");
	log_line(&r->app->log, LOG_INFO, "The search index %s is made anew: %lld of %lld.", name,
		(long long)done, (long long)last);
}

static enum err renew_search(struct app *a)
{
	struct renewing r = { a, clock_monotonic_ms(&a->clock) };
	const struct search_progress progress = { renewing_goes_on, &r };
	const struct search_source *sources[] = { message_row_search_source(),
		track_row_search_source(), user_row_search_source(), group_row_search_source() };
	enum err e = ERR_OK;

	for (size_t i = 0; i < COUNT_OF(sources) && !e; i++)
		e = search_index_renew(a->threads.store, sources[i], &progress);
	if (e)
		log_line(&a->log, LOG_ERROR, "The search index in %s cannot be made: %s.",
			a->config->data.p, err_doc(e));
	return e;
}

static enum err begin_store(struct app *a)
{
	struct first_job f = { .job = { .run = run_first_job } };

	rng_fill(&a->rng, f.fresh_key.b, sizeof f.fresh_key.b);
	enum err e = store_run_now(a->threads.store, &f.job);
	if (e)
		return cannot_write(a, e);
	return ERR_OK;
}

/* A line a minute for each error: a full disk must not be filled by the log of its being full. */
static void report(void *context, const struct ask *ask, enum err e, const char *sentence)
{
	struct app *a = context;
	struct store_stats stats = { .commits = 0 };
	struct reported *r = &a->reported[e];
	int64_t now_ms = clock_monotonic_ms(&a->clock);

	if (r->lines && now_ms - r->at_ms < REPORT_MS) {
		r->withheld++;
		return;
	}
	if (a->threads.store)
		store_stats(a->threads.store, &stats);
	log_line(&a->log, LOG_WARNING,
		"%.*s was refused with %s: %s%s%s (%u more of the kind in the minute before)",
		STR_ARG(ask->event), err_wire(e), sentence ? sentence : err_doc(e),
		*stats.last_error ? " Store: " : "", stats.last_error, r->withheld);
	*r = (struct reported){ now_ms, 1, 0 };
}

static void left(struct hub *hub, struct seat *seat)
{
	presence_leave(hub_presence(hub), seat);
}

static enum err open_dispatch(struct app *a)
{
	struct dispatch_options o = { .verbs = verbs_table,
		.executor = executor_threads_bind(&a->threads),
		.wire = &wire_sio_functions,
		.wire_impl = &a->wire,
		.clock = a->clock,
		.rng = a->rng,
		.presence = a->presence,
		.limits = &a->config->limits,
		.recheck = session_recheck,
		.note_use = session_renew,
		.left = left,
		.report = report,
		.report_context = a,
		.trace = a->trace ? trace_entry : NULL,
		.trace_context = a->trace };
	enum err e = dispatch_new(&o, &a->dispatch);

	if (e)
		return e;
	a->wire.dispatch = a->dispatch;
	presence_bind(a->presence, dispatch_hub(a->dispatch));
	return ERR_OK;
}

static enum err open_http(struct app *a)
{
	struct http_api_options o = { .server = a->wire.server,
		.executor = executor_threads_bind(&a->threads),
		.hub = dispatch_hub(a->dispatch),
		.dispatch_stats = dispatch_stats(a->dispatch),
		.store = a->threads.store,
		.attempts = a->attempts,
		.config = a->config,
		.clock = a->clock,
		.rng = a->rng,
		.log = &a->log,
		.web = a->web };

	return http_api_new(&o, &a->http);
}

static enum err open_trace(struct app *a)
{
	if (a->config->trace.n == 0)
		return ERR_OK;
	enum err e = trace_new(a->config->trace.p, &a->trace);
	if (e)
		log_line(&a->log, LOG_ERROR, "The trace %s cannot be written: %s.",
			a->config->trace.p, strerror(errno));
	return e;
}

static enum err open_parts(struct app *a)
{
	enum err e = open_trace(a);

	if (!e)
		e = workers_new(a->threads.loop, WORKERS, WORKER_QUEUE_MAX, &a->threads.workers);
	if (!e)
		e = presence_new(&a->config->limits, &a->presence);
	if (!e)
		e = attempts_new(&a->config->limits, &a->attempts);
	if (!e)
		e = open_dispatch(a);
	if (!e)
		e = open_http(a);
	return e;
}

/* --- running --- */

/* Malloc keeps what a mass of connections that went has left; when most of the heap is free, the system gets it back. */
static void look_at_heap(void *context)
{
	struct app *a = context;
	struct mallinfo2 heap = mallinfo2();

	if (heap.fordblks > HEAP_FREE_BYTES && heap.fordblks > heap.uordblks)
		(void)malloc_trim(0);
	a->heap_timer = (struct timer){ .fn = look_at_heap, .context = a };
	loop_timer_start(a->threads.loop, &a->heap_timer, HEAP_LOOK_MS);
}

static void look_whether_drained(void *context)
{
	struct app *a = context;
	bool idle = a->drained && dispatch_stats(a->dispatch)->calls == 0;

	if (idle || loop_now_ms(a->threads.loop) >= a->drain_until_ms)
		sio_server_stop(a->wire.server);
	else
		loop_timer_start(a->threads.loop, &a->drain_timer, DRAIN_LOOK_MS);
}

static void drained(void *context)
{
	struct app *a = context;

	a->drained = true;
}

static void begin_drain(void *context, int number)
{
	struct app *a = context;
	int64_t time_ms = a->config->limits.drain_time * 1000;

	if (a->draining) { /* asked twice: at once */
		sio_server_stop(a->wire.server);
		return;
	}
	log_line(&a->log, LOG_INFO, "Stopping (signal %d): clients are told to reconnect.", number);
	notify_system("STOPPING=1");
	a->draining = true;
	a->drain_until_ms = loop_now_ms(a->threads.loop) + time_ms;
	a->drain_timer = (struct timer){ .fn = look_whether_drained, .context = a };
	store_end_heavy_reads(a->threads.store);
	http_api_drain(a->http);
	sio_server_drain(a->wire.server, time_ms / 10, drained, a);
	loop_timer_start(a->threads.loop, &a->drain_timer, DRAIN_LOOK_MS);
}

/* Says on standard output, and to systemd, that the server can be used. */
static enum err announce_ready(struct app *a)
{
	const struct listening *l = &a->listening;
	char url[LISTENING_URL_MAX];

	listening_url(a->config, l->plain, l->secure, url);
	enum err e = admin_link_offer(a->threads.store, &a->rng, url);
	if (e)
		return cannot_write(a, e);
	printf("antiphond " VERSION_TEXT " is ready at %s://%s\n", l->plain ? "http" : "https",
		l->plain ? l->plain : l->secure);
	if (l->plain && l->secure)
		printf("and at https://%s\n", l->secure);
	fflush(stdout);
	notify_system("READY=1");
	return ERR_OK;
}

static enum err start(struct app *a)
{
	enum err e = open_server(a);

	if (!e)
		e = open_store(a);
	if (!e)
		e = renew_search(a);
	if (!e)
		e = begin_store(a);
	if (!e)
		e = open_parts(a);
	a->listening = (struct listening){ a->wire.server, a->config, &a->log, NULL, NULL };
	if (!e)
		e = listening_begin(&a->listening, a->threads.loop);
	if (!e)
		e = loop_on_signal(a->threads.loop, SIGTERM, begin_drain, a);
	if (!e)
		e = loop_on_signal(a->threads.loop, SIGINT, begin_drain, a);
	if (!e)
		look_at_heap(a);
	return e ? e : announce_ready(a);
}

static void stop_again(void *context)
{
	sio_server_stop(context);
}

/* The threads end first; what they had finished is announced by one more run of the loop. */
static void close_threads(struct app *a)
{
	(void)signal(SIGTERM,
		SIG_DFL); /* the loop hears none any more: one more ends the process at once */
	(void)signal(SIGINT, SIG_DFL);
	struct executor_threads ending = a->threads;

	workers_free(ending.workers);
	a->threads.workers = NULL;
	store_close(ending.store);
	a->threads.store = NULL; /* nothing can be asked of it any more */
	if (a->dispatch && sio_server_post(a->wire.server, stop_again, a->wire.server) == SIO_OK)
		sio_server_run(a->wire.server);
}

static void close_parts(struct app *a)
{
	close_threads(a);
	if (a->presence)
		presence_stop(a->presence);
	http_api_stop(a->http);
	if (a->threads.loop)
		loop_timer_stop(a->threads.loop, &a->heap_timer);
	sio_server_free(a->wire.server); /* uploads under way end here, in the http_api */
	http_api_free(a->http);
	dispatch_free(a->dispatch);
	presence_free(a->presence);
	attempts_free(a->attempts);
	trace_free(a->trace);
}

static struct app *app_new(const struct config *config)
{
	struct app *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->config = config;
	a->log = (struct log){ config->log_level, config->log_format };
	a->clock = clock_system();
	a->rng = rng_system();
	return a;
}

enum err app_run(const struct config *config, const struct web_files *web)
{
	struct app *a = app_new(config);

	if (!a)
		return ERR_NOMEM;
	a->web = web;
	(void)signal(SIGPIPE, SIG_IGN);
	enum err e = start(a);
	if (!e)
		sio_server_run(a->wire.server);
	close_parts(a);
	free(a);
	return e;
}

/* Whether a folder can be made at path, or below the first of its parents that is there. */
static bool can_make(const char *path)
{
	char first[1024];
	struct stat is;

	snprintf(first, sizeof first, "%s", path);
	for (char *slash = strchr(first + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (stat(first, &is) != 0)
			break;
		*slash = '/';
	}
	return mkdir(first, 0700) == 0 && rmdir(first) == 0;
}

static enum err check_data(struct app *a)
{
	const char *path = a->config->data.p;
	struct stat is;
	bool there = stat(path, &is) == 0;

	if (there ? S_ISDIR(is.st_mode) && access(path, R_OK | W_OK | X_OK) == 0 : can_make(path))
		return ERR_OK;
	log_line(&a->log, LOG_ERROR, "The data folder %s cannot be %s by this account.", path,
		there ? "used" : "made");
	return ERR_UNAVAILABLE;
}

enum err app_check(const struct config *config)
{
	struct app *a = app_new(config);

	if (!a)
		return ERR_NOMEM;
	enum err e = open_server(a);
	a->listening = (struct listening){ a->wire.server, a->config, &a->log, NULL, NULL };
	if (!e)
		e = listening_check(&a->listening);
	if (!e)
		e = check_data(a);
	if (!e)
		e = open_trace(a);
	trace_free(a->trace);
	sio_server_free(a->wire.server);
	free(a);
	return e;
}

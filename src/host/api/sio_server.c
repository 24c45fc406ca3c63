/* SPDX-License-Identifier: MIT
 *
 * sio_server - the part of sio.h that listens and runs.
 *
 * Layer: host.  Threads: the loop's, but for sio_server_post.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "host/host_inside.h"

enum { DRAIN_STEP_MS = 50, DRAIN_PATIENCE_MS = 5000, SETTLING_ROUNDS = 4 };

void sio_options_init(struct sio_options *options)
{
	*options = (struct sio_options){
		.path = "/socket.io/",
		.add_trailing_slash = true,
		.ping_interval = 25000,
		.ping_timeout = 20000,
		.upgrade_timeout = 10000,
		.connect_timeout = 45000,
		.max_http_buffer_size = 1000000,
		.polling = true,
		.websocket = true,
		.threads = 1,
		.allow_upgrades = true,
		.per_message_deflate_threshold = 1024,
		.http_compression = true,
		.http_compression_threshold = 1024,
		.send_queue_max = 4 << 20,
		.volatile_queue_max = 256 << 10,
		.recovery_buffer = 16 << 20,
		.max_dynamic_namespaces = 10000,
		.min_transfer_rate = 256,
		.transfer_window = 30000,
		.cors_methods = "GET,HEAD,PUT,PATCH,POST,DELETE",
		.proxy_header = "X-Forwarded-For",
		.cookie_attributes = "Path=/; HttpOnly; SameSite=Lax",
	};
}

static enum sio_result result_of(enum err e)
{
	switch (e) {
	case ERR_OK:
		return SIO_OK;
	case ERR_BAD_REQUEST:
		return SIO_INVALID;
	case ERR_CONFLICT:
		return SIO_IN_USE;
	case ERR_FORBIDDEN:
		return SIO_FORBIDDEN;
	case ERR_NOMEM:
		return SIO_NO_MEMORY;
	default:
		return SIO_UNAVAILABLE;
	}
}

static void on_turn_end(void *context)
{
	struct sio_server *s = context;

	sio_core_turn_end(s->core);
	engine_turn_end(s->threads[0].engine);
	sio_core_turn_end(s->core);
	for (size_t i = 1; i < s->thread_count; i++)
		host_remote_say(&s->threads[i]);
}

/* ---- making ---- */

static enum err dup(struct str s, struct str *out)
{
	char *p = malloc(s.n + 1);

	if (!p)
		return ERR_NOMEM;
	memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	*out = (struct str){ p, s.n };
	return ERR_OK;
}

static void free_str(struct str s)
{
	void *p;

	memcpy(&p, &s.p, sizeof p);
	free(p);
}

/* A copy, which *kept owns; NULL stays NULL. */
static enum err keep(struct sio_server *s, const char **text)
{
	struct str copy;

	if (!*text)
		return ERR_OK;
	enum err e = dup(str_of(*text), &copy);
	*text = e ? NULL : copy.p;
	if (!e)
		s->texts[s->text_count++] = copy;
	return e;
}

static enum err copy_texts(struct sio_server *s)
{
	struct sio_options *o = &s->options;
	const char **const texts[] = { &o->cors_methods, &o->cors_allowed_headers,
		&o->cors_exposed_headers, &o->cors_max_age, &o->cookie, &o->cookie_attributes,
		&o->proxy_header };
	enum err e = ERR_OK;

	_Static_assert(COUNT_OF(texts) <= COUNT_OF(s->texts), "too few places");
	for (size_t i = 0; i < COUNT_OF(texts) && !e; i++)
		e = keep(s, texts[i]);
	return e;
}

static struct str text_or_none(const char *z)
{
	return z ? str_of(z) : (struct str){ NULL, 0 };
}

static enum err copy_origins(struct sio_server *s)
{
	size_t n = s->options.cors_origin_count;

	s->options.cors_origin_count = 0;
	s->origins = calloc(n ? n : 1, sizeof *s->origins);
	if (!s->origins)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		if (dup(str_of(s->options.cors_origins[i]), &s->origins[i]))
			return ERR_NOMEM;
		s->options.cors_origin_count++;
	}
	s->cors = (struct http_cors){ .origins = s->origins,
		.origin_count = n,
		.methods = text_or_none(s->options.cors_methods),
		.headers = text_or_none(s->options.cors_allowed_headers),
		.exposed = text_or_none(s->options.cors_exposed_headers),
		.max_age = text_or_none(s->options.cors_max_age),
		.credentials = s->options.cors_credentials };
	/* Cookies from everywhere would be an open door; browsers refuse the pair too. */
	return http_cors_is_sound(&s->cors) ? ERR_OK : ERR_BAD_REQUEST;
}

static enum err copy_kept_headers(struct sio_server *s)
{
	const char *const *from = s->options.kept_headers;
	size_t n = s->options.kept_header_count;

	s->options.kept_header_count = 0;
	if (!from)
		return ERR_OK;
	s->kept_headers = calloc(n + 1, sizeof *s->kept_headers);
	if (!s->kept_headers)
		return ERR_NOMEM;
	s->options.kept_headers = s->kept_headers;
	for (size_t i = 0; i < n; i++) {
		struct str copy;
		if (dup(str_of(from[i]), &copy))
			return ERR_NOMEM;
		s->kept_headers[s->options.kept_header_count++] = copy.p;
	}
	return ERR_OK;
}

/* With a slash at its end, or without. */
static enum err copy_path(struct sio_server *s)
{
	CLEANUP(buf_done) struct buf path = { 0 };

	buf_append(&path, str_of(s->options.path));
	if (path.n && path.p[path.n - 1] == '/')
		path.n--;
	if (s->options.add_trailing_slash)
		buf_byte(&path, '/');
	return buf_failed(&path) ? ERR_NOMEM : dup(buf_str(&path), &s->path);
}

static enum err copy_options(struct sio_server *s, const struct sio_options *options)
{
	s->options = *options;
	enum err e = copy_path(s);
	if (!e)
		e = copy_texts(s);
	if (!e)
		e = copy_origins(s);
	if (!e)
		e = copy_kept_headers(s);
	s->proxies = calloc(options->trusted_proxy_count + 1, sizeof *s->proxies);
	if (!s->proxies)
		return ERR_NOMEM;
	for (size_t i = 0; i < options->trusted_proxy_count && !e; i++)
		e = host_proxy_parse(options->trusted_proxies[i], &s->proxies[i]);
	return e;
}

static enum err make_threads(struct sio_server *s)
{
	size_t n = s->options.threads ? s->options.threads : 1;
	enum err e = ERR_OK;

	if (n > THREADS_MAX)
		return ERR_BAD_REQUEST;
	s->threads = calloc(n, sizeof *s->threads);
	if (!s->threads)
		return ERR_NOMEM;
	s->thread_count = n;
	for (unsigned i = 0; i < n && !e; i++)
		e = host_thread_init(&s->threads[i], s, i);
	s->loop = s->threads[0].loop;
	return e;
}

static enum err make_core(struct sio_server *s)
{
	const struct sio_options *o = &s->options;
	struct sio_core_options options = { .connect_timeout_ms = o->connect_timeout,
		.recovery_ms = o->recovery_time,
		.keep_ms = o->recovery_time + o->ping_interval + o->ping_timeout,
		.recovery_bytes = o->recovery_buffer,
		.replay_bytes = o->send_queue_max / 2,
		.dynamic_max = o->max_dynamic_namespaces,
		.send_queue_max = o->send_queue_max,
		.packet_rate = o->max_packets_per_second,
		.msgpack = o->parser == SIO_PARSER_MSGPACK,
		.recovery_asks_connect = o->recovery_asks_connect };

	return sio_core_new(s->threads[0].engine, &options, &s->core);
}

static enum err start_threads(struct sio_server *s)
{
	enum err e = ERR_OK;

	for (size_t i = 1; i < s->thread_count && !e; i++)
		e = host_thread_start(&s->threads[i]);
	return e;
}

const char *sio_version(void)
{
	return SIO_VERSION;
}

enum sio_result sio_server_new(const struct sio_options *options, struct sio_server **out)
{
	struct sio_server *s = calloc(1, sizeof *s);

	if (!s)
		return SIO_NO_MEMORY;
	pthread_mutex_init(&s->mutex, NULL);
	enum err e = copy_options(s, options);
	if (!e)
		e = make_threads(s);
	if (!e)
		e = make_core(s);
	if (!e)
		e = start_threads(s);
	if (e) {
		sio_server_free(s);
		return result_of(e);
	}
	s->hook = (struct loop_hook){ .fn = on_turn_end, .context = s };
	loop_hook_add(s->loop, &s->hook);
	*out = s;
	return SIO_OK;
}

/* ---- ending ---- */

static void stop_listening(struct sio_server *s)
{
	for (struct host_listener *l = s->listeners; l; l = l->next) {
		listener_free(l->listener);
		l->listener = NULL;
	}
}

static void close_peers(struct host_thread *t)
{
	for (struct host_peer *p = t->peers; p; p = p->next) {
		conn_flush(p->conn);
		conn_close(p->conn);
	}
}

/* The threads say to each other all that is still to be said. They have stopped: each is played from here. */
static void settle(struct sio_server *s)
{
	for (int i = 0; i < SETTLING_ROUNDS; i++) {
		loop_run_posted(s->loop);
		on_turn_end(s);
		for (size_t k = 1; k < s->thread_count; k++) {
			struct host_thread *t = &s->threads[k];
			t->lagged = true;
			loop_run_posted(t->loop);
			loop_run_closing(t->loop);
		}
	}
	loop_run_posted(s->loop);
}

static void close_all(struct sio_server *s)
{
	if (s->core) {
		sio_core_close_some(s->core, SIZE_MAX, ENGINE_SHUTTING_DOWN);
		on_turn_end(s);
	}
	atomic_store(&s->ending, true);
	for (size_t i = 1; i < s->thread_count; i++)
		host_thread_stop(&s->threads[i]);
	for (size_t i = 0; i < s->thread_count; i++)
		close_peers(&s->threads[i]);
	for (size_t i = 1; i < s->thread_count && s->core; i++)
		engine_close_all(s->threads[i].engine);
	if (s->core && s->thread_count > 1)
		settle(s);
}

void sio_server_free(struct sio_server *s)
{
	if (!s)
		return;
	stop_listening(s);
	sio_server_after_done(s);
	if (s->loop) {
		loop_run_posted(s->loop);
		loop_timer_stop(s->loop, &s->drain);
		close_all(s);
		loop_run_closing(s->loop);
	}
	sio_core_free(s->core);
	if (s->loop)
		loop_hook_remove(s->loop, &s->hook);
	for (size_t i = s->thread_count; i-- > 0;) /* what the first has lent comes back first */
		host_thread_done(&s->threads[i]);
	free(s->threads);
	while (s->listeners) {
		struct host_listener *next = s->listeners->next;
		free(s->listeners);
		s->listeners = next;
	}
	for (size_t i = 0; i < s->options.cors_origin_count && s->origins; i++)
		free_str(s->origins[i]);
	for (size_t i = 0; i < s->options.kept_header_count && s->kept_headers; i++)
		free_str(str_of(s->kept_headers[i]));
	for (size_t i = 0; i < s->text_count; i++)
		free_str(s->texts[i]);
	tls_context_free(s->identity);
	free(s->origins);
	free(s->kept_headers);
	free(s->proxies);
	free_str(s->path);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}

static void close_idle(void *thread)
{
	host_thread_close_peers(thread, true);
}

static void close_rest(void *thread)
{
	host_thread_close_peers(thread, false);
}

static void drain_step(void *context)
{
	struct sio_server *s = context;
	int64_t left_ms = s->drain_until - loop_now_ms(s->loop);
	size_t open = sio_server_counts(s).connections;
	size_t steps = left_ms > 0 ? (size_t)(left_ms / DRAIN_STEP_MS) + 1 : 1;

	sio_core_close_some(s->core, open / steps + (open % steps != 0), ENGINE_SHUTTING_DOWN);
	size_t peers = atomic_load(&s->peer_count);
	for (size_t i = 0; i < s->thread_count && left_ms <= 0; i++) {
		bool patient =
			left_ms > -DRAIN_PATIENCE_MS; /* with whoever did not take the hint */
		struct host_thread *t = &s->threads[i];
		if (loop_post(t->loop, patient ? close_idle : close_rest, t))
			break; /* the next step does it */
	}
	if (peers) {
		loop_timer_start(s->loop, &s->drain, DRAIN_STEP_MS);
		return;
	}
	if (s->drained)
		s->drained(s->drained_context);
	s->drained = NULL;
}

void sio_server_drain(
	struct sio_server *s, int64_t over, void (*drained)(void *context), void *context)
{
	if (s->draining)
		return;
	s->draining = true;
	s->drained = drained;
	s->drained_context = context;
	s->drain_until = loop_now_ms(s->loop) + over;
	s->drain = (struct timer){ .fn = drain_step, .context = s };
	stop_listening(s);
	loop_timer_start(s->loop, &s->drain, 0);
}

/* ---- the rest ---- */

/* Whether IPv4 connections to the port of `where` have a listener on 0.0.0.0 already; [::] then takes IPv6 alone. */
static bool has_v4_listener(const struct sio_server *s, const char *where)
{
	const char *colon = strrchr(where, ':');
	char any[LISTENER_ADDRESS_MAX];

	if (!colon || strlen(colon) >= sizeof any - sizeof "0.0.0.0")
		return false;
	snprintf(any, sizeof any, "0.0.0.0%s", colon);
	for (const struct host_listener *l = s->listeners; l; l = l->next) {
		if (strcmp(l->address, any) == 0)
			return true;
	}
	return false;
}

static enum sio_result listen_at(
	struct sio_server *s, const char *where, bool secure, const char **address)
{
	struct host_listener *l = calloc(1, sizeof *l);

	if (!l)
		return SIO_NO_MEMORY;
	l->server = s;
	l->secure = secure;
	struct listener_options o = { .address = str_of(where),
		.v6_only = has_v4_listener(s, where),
		.accepted = host_peer_accept,
		.context = l };
	enum err e = listener_new(s->loop, &o, &l->listener);
	if (e) {
		free(l);
		return result_of(e);
	}
	memcpy(l->address, listener_address(l->listener), sizeof l->address);
	l->next = s->listeners;
	s->listeners = l;
	if (address)
		*address = l->address;
	return SIO_OK;
}

enum sio_result sio_server_listen(struct sio_server *s, const char *where, const char **address)
{
	return listen_at(s, where, false, address);
}

enum sio_result sio_server_listen_tls(struct sio_server *s, const char *where, const char **address)
{
	return s->identity ? listen_at(s, where, true, address) : SIO_INVALID;
}

enum sio_result sio_server_set_certificate(
	struct sio_server *s, const char *chain_file, const char *key_file)
{
	struct tls_context *made = NULL;
	enum err e = tls_context_identity(chain_file, key_file, s->identity, &made);

	if (e)
		return result_of(e);
	tls_context_free(s->identity);
	s->identity = made;
	return SIO_OK;
}

void sio_server_run(struct sio_server *s)
{
	loop_run(s->loop);
}

void sio_server_stop(struct sio_server *s)
{
	loop_stop(s->loop);
}

enum sio_result sio_server_post(struct sio_server *s, void (*fn)(void *context), void *context)
{
	return result_of(loop_post(s->loop, fn, context));
}

struct sio_counts sio_server_counts(const struct sio_server *s)
{
	struct sio_counts sum = { .sockets = sio_core_sockets(s->core) };

	for (size_t i = 0; i < s->thread_count; i++) {
		const struct host_thread *t = &s->threads[i];
		const struct engine_counts *c = i ? &t->counts : engine_counts(t->engine);
		sum.connections += c->sessions;
		sum.polling += c->polling;
		sum.connections_total += c->opened;
		sum.packets_in += c->packets_in;
		sum.packets_out += c->packets_out;
		sum.bytes_in += c->bytes_in;
		sum.bytes_out += c->bytes_out;
		sum.overflows += c->overflows;
	}
	memcpy(sum.exceeded, sio_core_exceeded(s->core), sizeof sum.exceeded);
	sum.refused_addresses = host_address_refused(s);
	sum.exceeded[SIO_LIMIT_ADDRESS] = sum.refused_addresses;
	for (size_t i = 0; i < SIO_LIMIT_COUNT; i++)
		sum.exceeded[i] += atomic_load_explicit(&s->exceeded[i], memory_order_relaxed);
	return sum;
}

enum sio_result sio_server_of(struct sio_server *s, const char *name,
	const struct sio_namespace_handler *handler, void *context, struct sio_namespace **out)
{
	return sio_core_of(s->core, str_of(name), handler, context, out);
}

enum sio_result sio_server_of_dynamic(struct sio_server *s, sio_match_fn *match,
	const struct sio_namespace_handler *handler, void *context, struct sio_dynamic **out)
{
	return sio_core_of_dynamic(s->core, match, handler, context, out);
}

enum sio_result sio_server_ack(
	struct sio_server *s, const struct sio_ack *ack, const struct sio_args *args)
{
	return sio_core_ack(s->core, ack, args);
}

enum sio_result sio_server_lost_join(struct sio_server *s, uint64_t handle, struct sio_str room)
{
	return sio_core_lost_join(s->core, handle, room);
}

void sio_server_lost_leave(struct sio_server *s, uint64_t handle, struct sio_str room)
{
	sio_core_lost_leave(s->core, handle, room);
}

void sio_server_lost_end(struct sio_server *s, uint64_t handle)
{
	sio_core_lost_end(s->core, handle);
}

struct sio_socket *sio_server_find(const struct sio_server *s, uint64_t handle)
{
	return sio_core_find(s->core, handle);
}

/* SPDX-License-Identifier: MIT
 *
 * api_metrics - the values of metrics.def as Prometheus' text (exposition format 0.0.4).
 *
 * Layer: app.  Threads: the loop's.
 */
#include <sio/sio.h>

#include "app/http/api_call.h"

enum metric {
#define METRIC(id, name, type, label, doc) METRIC_##id,
#include "app/metrics.def"
#undef METRIC
	METRIC_COUNT
};

#define METRIC_TYPE_COUNTER "counter"
#define METRIC_TYPE_GAUGE   "gauge"

static const struct {
	const char *name, *type, *label, *doc;
} rows[METRIC_COUNT] = {
#define METRIC(id, name_, type_, label_, doc_)                                                     \
	[METRIC_##id] = {                                                                          \
		.name = name_, .type = METRIC_TYPE_##type_, .label = label_, .doc = doc_           \
	},
#include "app/metrics.def"
#undef METRIC
};

/* All single values, from where they are counted. */
static void gather(const struct http_api *api, uint64_t values[METRIC_COUNT])
{
	struct sio_counts c = sio_server_counts(api->o.server);
	struct store_stats s;

	store_stats(api->o.store, &s);
	values[METRIC_connections] = c.connections;
	values[METRIC_polling] = c.polling;
	values[METRIC_connections_total] = c.connections_total;
	values[METRIC_packets_in] = c.packets_in;
	values[METRIC_packets_out] = c.packets_out;
	values[METRIC_bytes_in] = c.bytes_in;
	values[METRIC_bytes_out] = c.bytes_out;
	values[METRIC_overflows] = c.overflows;
	values[METRIC_refused_addresses] = c.refused_addresses;
	values[METRIC_calls] = api->o.dispatch_stats->calls;
	values[METRIC_store_commits] = s.commits;
	values[METRIC_store_jobs] = s.jobs_written;
	values[METRIC_store_refused] = s.jobs_refused;
	values[METRIC_store_rerun] = s.jobs_rerun;
	values[METRIC_store_reads] = s.reads;
	values[METRIC_store_checkpoints] = s.checkpoints;
	values[METRIC_store_write_queue] = s.write_queue;
	values[METRIC_store_read_queue] = s.read_queue;
	values[METRIC_store_wal_frames] = s.wal_frames;
	values[METRIC_store_writable] = s.writable;
}

static void line(struct buf *out, enum metric m, const char *label, uint64_t value)
{
	buf_printf(out, "%s{%s=\"%s\"} %llu\n", rows[m].name, rows[m].label, label,
		(unsigned long long)value);
}

static void events(struct buf *out, enum metric m, const uint64_t values[EVENT_COUNT])
{
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		bool emitted = schema_events[i].kind == KIND_EMIT;
		if (emitted == (m == METRIC_emitted))
			line(out, m, schema_events[i].id, values[i]);
	}
}

/* One wire code may stand for several of our own errors. */
static void codes(struct buf *out, const uint64_t values[ERR_COUNT])
{
	for (unsigned i = 1; i < ERR_COUNT; i++) {
		uint64_t sum = 0;
		bool seen = false;
		for (unsigned k = 1; k < ERR_COUNT; k++) {
			bool same = strcmp(err_wire((enum err)i), err_wire((enum err)k)) == 0;
			seen = seen || (same && k < i);
			sum += same ? values[k] : 0;
		}
		if (!seen)
			line(out, METRIC_refused, err_wire((enum err)i), sum);
	}
}

static void exceeded(struct buf *out, const struct sio_server *server)
{
	struct sio_counts c = sio_server_counts(server);

	for (unsigned i = SIO_LIMIT_NONE + 1; i < SIO_LIMIT_COUNT; i++)
		line(out, METRIC_exceeded, sio_limit_text((enum sio_limit)i), c.exceeded[i]);
}

static void labelled(const struct http_api *api, enum metric m, struct buf *out)
{
	static const char *const classes[API_STATUS_CLASSES] = { NULL, NULL, "2xx", "3xx", "4xx",
		"5xx" };
	const struct dispatch_stats *d = api->o.dispatch_stats;

	switch (m) {
	case METRIC_exceeded:
		exceeded(out, api->o.server);
		return;
	case METRIC_sockets:
		for (int ns = 0; ns < NS_COUNT; ns++)
			line(out, m, schema_namespace((enum ns)ns), d->seats[ns]);
		return;
	case METRIC_requests:
		events(out, m, d->requests);
		return;
	case METRIC_emitted:
		events(out, m, d->emitted);
		return;
	case METRIC_refused:
		codes(out, d->refused);
		return;
	default:
		for (size_t i = 2; i < API_STATUS_CLASSES; i++)
			line(out, m, classes[i], api->answered[i]);
		return;
	}
}

void api_metrics_write(const struct http_api *api, struct buf *out)
{
	uint64_t values[METRIC_COUNT] = { 0 };

	gather(api, values);
	for (unsigned m = 0; m < METRIC_COUNT; m++) {
		buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", rows[m].name, rows[m].doc,
			rows[m].name, rows[m].type);
		if (*rows[m].label)
			labelled(api, (enum metric)m, out);
		else
			buf_printf(out, "%s %llu\n", rows[m].name, (unsigned long long)values[m]);
	}
}

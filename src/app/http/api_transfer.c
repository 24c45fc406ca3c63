/* SPDX-License-Identifier: MIT
 *
 * api_transfer - pieces are gathered while the ones before are written by a worker; every
 * CHECKPOINT_BYTES, and at the end, what was written is flushed and then recorded in the upload's
 * row. One job is under way at a time; while too much waits for it the peer is not read.
 *
 * Layer: app.  Threads: the loop's; run_… where the jobs run.
 */
#include "app/http/api_transfer.h"

#include <stdlib.h>

#include "files/tus.h"

enum {
	WRITE_BYTES = 128 * 1024,          /* so many are worth a worker's job */
	WAITING_MAX = 1024 * 1024,         /* so many may wait for the one before */
	CHECKPOINT_BYTES = 8 * 1024 * 1024 /* so many may be lost to a crash */
};

enum transfer_end { TRANSFER_RUNNING, TRANSFER_WHOLE, TRANSFER_GONE };

struct transfer {
	struct transfer *next;
	struct api_call *call;
	struct uuid id;
	struct upload_status status;
	struct part *part;
	int64_t from;     /* Upload-Offset of the request */
	int64_t recorded; /* the row's offset */
	struct buf waiting, writing;
	enum transfer_end end;
	bool is_owners;    /* the asker may write: from now on nobody else does */
	bool is_overtaken; /* another wrote since this one began: what it has seen may be old */
	bool is_busy;      /* a job is under way */
	bool is_open;      /* the request's bytes come, or have come */
	bool is_paused;    /* the peer is not read */
	bool is_flushed;   /* the last bytes are on the disk */
	bool has_checksum;
	struct tus_checksum checksum;
	/* Of the job under way: */
	bool flushes; /* it ends with a flush */
	bool is_last; /* no bytes come behind its own */
	bool is_cut; /* the bytes of this request do not count: wrong sum, or never whole; set by it
			too */
};

struct transfer *api_transfer_find(struct http_api *api, struct uuid id)
{
	for (struct transfer *t = api->transfers; t; t = t->next) {
		if (t->is_owners && uuid_eq(t->id, id))
			return t;
	}
	return NULL;
}

static struct transfer *of_job(struct job *job)
{
	return api_call_of(job)->in;
}

/* Lets go of everything but the call. */
static struct api_call *transfer_free(struct transfer *t)
{
	struct api_call *c = t->call;

	for (struct transfer **at = &c->api->transfers; *at; at = &(*at)->next) {
		if (*at == t) {
			*at = t->next;
			break;
		}
	}
	for (struct transfer *o = c->api->transfers; o && t->is_owners; o = o->next)
		o->is_overtaken = o->is_overtaken || uuid_eq(o->id, t->id);
	part_free(t->part);
	buf_done(&t->waiting);
	buf_done(&t->writing);
	free(t);
	c->in = NULL;
	return c;
}

static void transfer_fail(struct transfer *t, enum err e, int status, const char *sentence)
{
	api_upload_fail(transfer_free(t), e, status, sentence);
}

/* ---- the end ---- */

static void answer_offset(struct api_call *c, int64_t offset)
{
	api_call_number(c, STR("Upload-Offset"), offset);
	api_upload_expires(c, c->ask.ask.now_ms + c->api->o.config->limits.upload_expiry * 1000);
	api_upload_answer(c, 204);
}

static void finished(struct api_call *c, enum err e, const char *sentence)
{
	struct transfer *t = c->in;
	int64_t size = t->status.size;

	if (e)
		transfer_fail(t, e, 0, sentence);
	else
		answer_offset(transfer_free(t), size);
}

static void recorded_all(struct transfer *t)
{
	struct api_call *c = t->call;

	if (t->end == TRANSFER_GONE && c->api->is_draining) {
		transfer_fail(t, ERR_UNAVAILABLE, 0,
			"The server stops; ask for the offset when it is back, and go on from "
			"there.");
	} else if (t->end == TRANSFER_GONE) { /* most often to nobody */
		transfer_fail(t, ERR_TOO_LARGE, 0, "There are more bytes than Upload-Length said.");
	} else if (t->is_cut) {
		transfer_fail(t, ERR_BAD_REQUEST, 460,
			"The bytes do not have the checksum; they were dropped.");
	} else if (t->recorded == t->status.size) {
		part_free(t->part);
		t->part = NULL;
		api_finish(c, t->id, &t->status, finished);
	} else {
		int64_t offset = t->recorded;
		answer_offset(transfer_free(t), offset);
	}
}

/* ---- steps of writing ---- */

static void step(struct transfer *t);

static enum err run_record(struct job *job, struct tx *tx)
{
	struct transfer *t = of_job(job);

	return upload_record(tx, &t->call->ask.ask, t->id, t->recorded);
}

static void record_done(struct job *job)
{
	struct transfer *t = of_job(job);

	t->is_busy = false;
	if (job->err)
		transfer_fail(t, job->err, 0, job->sentence);
	else
		step(t);
}

/* At the end of the request: bytes with the wrong sum, or whose sum cannot be told, are cut off
 * again. */
static enum err sum_check(struct transfer *t)
{
	uint8_t sum[PART_SUM_BYTES_MAX];
	enum err e = ERR_OK;

	if (!t->is_last || !t->has_checksum)
		return ERR_OK;
	if (!t->is_cut) {
		e = part_sum(t->part, t->from, t->checksum.kind, sum);
		t->is_cut = memcmp(sum, t->checksum.sum, part_sum_bytes(t->checksum.kind)) != 0;
	}
	return !e && t->is_cut ? part_cut(t->part, t->from) : e;
}

static enum err run_write(struct job *job, struct tx *tx)
{
	struct transfer *t = of_job(job);
	enum err e = part_append(t->part, buf_str(&t->writing));

	(void)tx;
	if (!e)
		e = sum_check(t);
	if (!e && t->flushes)
		e = part_flush(t->part);
	return e;
}

static void write_done(struct job *job)
{
	struct transfer *t = of_job(job);

	t->is_busy = false;
	t->is_flushed = t->is_last;
	buf_clear(&t->writing);
	if (job->err) {
		transfer_fail(t, job->err, 0,
			"The disk did not take the bytes; ask for the offset and try again.");
	} else if (t->flushes && !t->is_cut && part_size(t->part) > t->recorded) {
		t->recorded = part_size(t->part);
		t->is_busy = true;
		api_call_submit(t->call, PLACE_WRITER, run_record, record_done);
	} else {
		step(t);
	}
}

/* Sends what waits on its way. Its last act may be the end of the transfer. */
static void write_next(struct transfer *t)
{
	struct buf swap = t->writing;

	t->writing = t->waiting;
	t->waiting = swap;
	t->is_last = t->end != TRANSFER_RUNNING;
	t->is_cut = t->end == TRANSFER_GONE && t->has_checksum;
	int64_t unsafe = part_size(t->part) + (int64_t)t->writing.n - t->recorded;
	t->flushes = t->is_last || (!t->has_checksum && unsafe >= CHECKPOINT_BYTES);
	t->is_busy = true;
	if (t->is_paused && !t->is_last) {
		t->is_paused = false;
		web_request_resume(t->call->request); /* pieces that come at once only wait: a job
							 is under way */
	}
	api_call_submit(t->call, PLACE_WORKER, run_write, write_done);
}

/* What comes next, when nothing is under way? */
static void step(struct transfer *t)
{
	bool ended = t->end != TRANSFER_RUNNING;

	if (t->is_busy)
		return;
	if (buf_failed(&t->waiting))
		transfer_fail(t, ERR_NOMEM, 0, NULL);
	else if (ended && t->is_flushed)
		recorded_all(t);
	else if (ended || t->waiting.n >= WRITE_BYTES)
		write_next(t);
}

/* ---- what comes from the connection ---- */

static void on_piece(void *context, struct web_request *r, struct str bytes)
{
	struct transfer *t = context;

	if (t->end != TRANSFER_RUNNING) /* the server stops: these come again */
		return;
	buf_append(&t->waiting, bytes);
	if (t->waiting.n >= WAITING_MAX && !t->is_paused) {
		t->is_paused = true;
		web_request_pause(r);
	}
	step(t);
}

static void on_end(void *context, struct web_request *r)
{
	struct transfer *t = context;

	(void)r;
	if (t->end == TRANSFER_RUNNING)
		t->end = TRANSFER_WHOLE;
	step(t);
}

static void on_gone(void *context, struct web_request *r)
{
	struct transfer *t = context;

	(void)r;
	t->end = TRANSFER_GONE;
	step(t);
}

static const struct web_body sink = { .piece = on_piece, .end = on_end, .gone = on_gone };

/* ---- the beginning ---- */

static enum err run_look(struct job *job, struct tx *tx)
{
	struct transfer *t = of_job(job);
	enum err e = api_call_guard(t->call, tx, API_CALL_READER);

	return e ? e : upload_look(tx, &t->call->ask.ask, t->id, &t->status);
}

static enum err run_open(struct job *job, struct tx *tx)
{
	struct transfer *t = of_job(job);

	(void)tx;
	return part_open(t->call->api->parts, t->id, t->from, &t->part);
}

static void open_done(struct job *job)
{
	struct transfer *t = of_job(job);

	if (job->err) {
		transfer_fail(t, job->err, 0, "The upload cannot be gone on with.");
		return;
	}
	t->is_open = true;
	if (web_request_has_body(t->call->request))
		web_request_stream(
			t->call->request, (uint64_t)(t->status.size - t->from), &sink, t);
	else
		on_end(t, t->call->request);
}

static void look_done(struct job *job)
{
	struct transfer *t = of_job(job);
	int64_t length = t->call->head->content_length;

	if (job->err) {
		transfer_fail(t, job->err, 0, job->sentence);
	} else if (t->is_overtaken || api_transfer_find(t->call->api, t->id)) {
		transfer_fail(
			t, ERR_CONFLICT, 0, "The upload is being written to by another request.");
	} else if (t->from != t->status.offset) {
		transfer_fail(t, ERR_CONFLICT, 0,
			"Upload-Offset is not how far the upload has come; ask for it by HEAD.");
	} else if (t->status.state != UPLOAD_RECEIVING) {
		int64_t size = t->status.size; /* whole already: nothing is left to take */
		if (length > 0)
			transfer_fail(t, ERR_CONFLICT, 0, "The upload is complete already.");
		else
			answer_offset(transfer_free(t), size);
	} else if (length > t->status.size - t->from) {
		transfer_fail(t, ERR_TOO_LARGE, 0, "There are more bytes than Upload-Length said.");
	} else {
		t->recorded = t->from;
		t->is_owners = true;
		api_call_submit(t->call, PLACE_WORKER, run_open, open_done);
	}
}

/* What the request's head says. */
static enum err head_take(struct transfer *t, int *status, const char **sentence)
{
	const struct http_head *h = t->call->head;
	struct str checksum = http_head_find(h, STR("Upload-Checksum"));

	*status = 0;
	if (!http_head_same(http_head_find(h, STR("Content-Type")), STR(TUS_MEDIA_TYPE))) {
		*status = 415;
		*sentence = "Content-Type must be " TUS_MEDIA_TYPE ".";
		return ERR_BAD_REQUEST;
	}
	*sentence = "Upload-Offset must be a number of bytes.";
	enum err e = tus_number(http_head_find(h, STR("Upload-Offset")), &t->from);
	if (e || !checksum.p)
		return e;
	t->has_checksum = true;
	*sentence = "Upload-Checksum must be sha1 or sha256 and base64.";
	return tus_checksum_read(checksum, &t->checksum);
}

void api_transfer_begin(struct api_call *c, struct uuid id)
{
	struct transfer *t = calloc(1, sizeof *t);
	const char *sentence = NULL;
	int status = 0;

	if (!t) {
		api_upload_fail(c, ERR_NOMEM, 0, NULL);
		return;
	}
	*t = (struct transfer){ .next = c->api->transfers, .call = c, .id = id };
	c->api->transfers = t;
	c->in = t;
	enum err e = head_take(t, &status, &sentence);
	if (e)
		transfer_fail(t, e, status, sentence);
	else
		api_call_submit(c, PLACE_READER, run_look, look_done);
}

void api_transfer_drain(struct http_api *api)
{
	struct transfer *next;

	for (struct transfer *t = api->transfers; t; t = next) {
		next = t->next;
		if (t->is_open && t->end == TRANSFER_RUNNING)
			on_gone(t, t->call->request);
	}
}

/* SPDX-License-Identifier: MIT
 *
 * api_finish - what follows the last byte of an upload: into the blob store, the row complete, the
 * part gone. A picture that is not admitted is given up instead: nothing could use it.
 *
 * Layer: app.  Threads: the loop's; run_… where the jobs run.
 */
#include "accounts/session.h"
#include "app/http/api_transfer.h"

struct finish {
	int64_t size;
	enum upload_purpose purpose;
	void (*then)(struct api_call *c, enum err e, const char *sentence);
	struct upload_whole whole;
	struct upload_completed completed;
	enum err err;        /* why it was refused, */
	const char *refusal; /* and that for people */
};

static struct finish *of_job(struct job *job)
{
	return api_call_of(job)->answer;
}

static enum err run_adopt(struct job *job, struct tx *tx)
{
	struct http_api *api = api_call_of(job)->api;
	struct finish *f = of_job(job);
	struct part *part = NULL;
	enum err e = part_open(api->parts, f->whole.id, f->size, &part);

	(void)tx;
	if (!e && f->purpose == UPLOAD_PURPOSE_AVATAR)
		e = part_admit_picture(part, job->arena, &f->refusal);
	if (!e)
		e = part_adopt(part, api->o.executor.blobs, &f->whole.content);
	part_free(part);
	return e;
}

static enum err run_complete(struct job *job, struct tx *tx)
{
	struct finish *f = of_job(job);
	struct ask *ask = &api_call_of(job)->ask.ask;
	enum err e = session_recheck(tx, ask); /* the bytes may have taken hours */

	return e ? e : upload_complete(tx, ask, &f->whole, job->arena, &f->completed);
}

static enum err run_remove(struct job *job, struct tx *tx)
{
	(void)tx;
	return parts_remove(api_call_of(job)->api->parts, of_job(job)->whole.id);
}

static void remove_done(struct job *job) /* a part that stayed is swept at the next start */
{
	struct finish *f = of_job(job);

	f->then(api_call_of(job), f->err, f->refusal);
}

static void complete_done(struct job *job)
{
	struct api_call *c = api_call_of(job);
	struct finish *f = of_job(job);

	if (job->err && job->err != ERR_CONFLICT) { /* another request was faster: as well */
		f->then(c, job->err, job->sentence);
		return;
	}
	if (!job->err && f->completed.is_file)
		hub_emit_group(c->api->o.hub, EVENT_chat_file_uploaded, &f->completed.file,
			f->completed.file.groupId, 0);
	api_call_submit(c, PLACE_WORKER, run_remove, remove_done);
}

static enum err run_give_up(struct job *job, struct tx *tx)
{
	return upload_delete(tx, &api_call_of(job)->ask.ask, of_job(job)->whole.id);
}

static void give_up_done(struct job *job)
{
	if (job->err) /* it expires */
		remove_done(job);
	else
		api_call_submit(api_call_of(job), PLACE_WORKER, run_remove, remove_done);
}

static void adopt_done(struct job *job)
{
	struct api_call *c = api_call_of(job);
	struct finish *f = of_job(job);

	if (f->refusal) {
		f->err = job->err;
		api_call_submit(c, PLACE_WRITER, run_give_up, give_up_done);
	} else if (job->err)
		f->then(c, job->err,
			"The upload is whole, but the disk did not take it over; look at it again "
			"later.");
	else
		api_call_submit(c, PLACE_WRITER, run_complete, complete_done);
}

void api_finish(struct api_call *c, struct uuid id, const struct upload_status *status,
	void (*then)(struct api_call *c, enum err e, const char *sentence))
{
	struct finish *f = ARENA_NEW(&c->arena, struct finish);

	c->answer = f;
	if (!f) {
		then(c, ERR_NOMEM, NULL);
		return;
	}
	*f = (struct finish){
		.whole.id = id,
		.size = status->size,
		.purpose = status->purpose,
		.then = then,
	};
	api_call_submit(c, PLACE_WORKER, run_adopt, adopt_done);
}

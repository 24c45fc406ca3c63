/* SPDX-License-Identifier: MIT
 *
 * api_upload - tus 1.0.0 over HTTP: creation, looking, termination; the bytes themselves are
 * api_transfer's.
 *
 * Layer: app.  Threads: the loop's; run_… where the jobs run.
 */
#include "app/http/api_transfer.h"
#include "files/tus.h"
#include "http/http_date.h"

/* ---- what all answers say ---- */

static void tus_headers(struct api_call *c)
{
	api_call_header(c, STR("Tus-Resumable"), STR(TUS_VERSION));
	api_call_header(c, STR("Cache-Control"), STR("no-store"));
}

void api_upload_expires(struct api_call *c, int64_t expires_ms)
{
	char text[HTTP_DATE_BYTES];

	http_date_text(expires_ms, text);
	struct str copy = arena_dup(&c->arena, (struct str){ text, sizeof text });
	if (copy.p)
		api_call_header(c, STR("Upload-Expires"), copy);
}

void api_upload_answer(struct api_call *c, int status)
{
	tus_headers(c);
	api_call_answer(c, status, NULL, STR(""));
}

void api_upload_fail(struct api_call *c, enum err e, int status, const char *sentence)
{
	api_call_header(c, STR("Tus-Resumable"), STR(TUS_VERSION));
	api_call_fail(c, e, status, sentence);
}

static void options(struct api_call *c)
{
	api_call_header(c, STR("Tus-Version"), STR(TUS_VERSION));
	api_call_header(c, STR("Tus-Extension"), STR(TUS_EXTENSIONS));
	api_call_header(c, STR("Tus-Checksum-Algorithm"), STR(TUS_CHECKSUMS));
	api_call_number(c, STR("Tus-Max-Size"), c->api->o.config->limits.max_upload);
	api_upload_answer(c, 204);
}

/* ---- creation ---- */

struct creation {
	struct upload_new in;
	int64_t expires_ms;
};

static enum err run_create(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);
	struct creation *n = c->in;
	enum err e = api_call_guard(c, tx, API_CALL_WRITER);

	return e ? e : upload_create(tx, &c->ask.ask, &n->in, &n->expires_ms);
}

static void created(struct api_call *c, enum err e, const char *sentence)
{
	char id[UUID_TEXT_BYTES];

	if (e) {
		api_upload_fail(c, e, 0, sentence);
		return;
	}
	uuid_text(ask_id(&c->ask.ask, 0), id);
	struct str location = arena_printf(&c->arena, "/api/v1/uploads/%.*s", UUID_TEXT_BYTES, id);
	if (!location.p) {
		api_upload_fail(c, ERR_NOMEM, 0, NULL);
		return;
	}
	api_call_header(c, STR("Location"), location);
	api_upload_expires(c, ((const struct creation *)c->in)->expires_ms);
	api_upload_answer(c, 201);
}

static void create_done(struct job *job)
{
	struct api_call *c = api_call_of(job);
	struct creation *n = c->in;

	if (job->err)
		api_upload_fail(c, job->err, 0, job->sentence);
	else if (n->in.size == 0) /* whole already */
		api_finish(c, ask_id(&c->ask.ask, 0),
			&(struct upload_status){ .purpose = n->in.purpose }, created);
	else
		created(c, ERR_OK, NULL);
}

static void create(struct api_call *c)
{
	struct creation *n = ARENA_NEW(&c->arena, struct creation);
	const char *sentence = NULL;
	enum err e = n ? ERR_OK : ERR_NOMEM;

	if (!e && http_head_find(c->head, STR("Upload-Defer-Length")).p) {
		sentence = "Uploads of unknown length are not taken; Upload-Length is needed.";
		e = ERR_BAD_REQUEST;
	}
	if (!e)
		e = tus_creation(http_head_find(c->head, STR("Upload-Length")),
			http_head_find(c->head, STR("Upload-Metadata")), &c->arena, &n->in,
			&sentence);
	c->in = n;
	if (e)
		api_upload_fail(c, e, 0, sentence);
	else
		api_call_submit(c, PLACE_WRITER, run_create, create_done);
}

/* ---- looking ---- */

struct look {
	struct uuid id;
	struct upload_status status;
};

static enum err run_look(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);
	struct look *l = c->in;
	enum err e = api_call_guard(c, tx, API_CALL_READER);

	return e ? e : upload_look(tx, &c->ask.ask, l->id, &l->status);
}

static void looked(struct api_call *c, enum err e, const char *sentence)
{
	const struct upload_status *s = &((const struct look *)c->in)->status;

	if (e) {
		api_upload_fail(c, e, 0, sentence);
		return;
	}
	api_call_number(c, STR("Upload-Offset"), s->offset);
	api_call_number(c, STR("Upload-Length"), s->size);
	if (s->state != UPLOAD_USED)
		api_upload_expires(c, s->expires_ms);
	api_upload_answer(c, 200);
}

static void look_done(struct job *job)
{
	struct api_call *c = api_call_of(job);
	const struct look *l = c->in;

	if (job->err)
		api_upload_fail(c, job->err, 0, job->sentence);
	else if (l->status.state == UPLOAD_RECEIVING && l->status.offset == l->status.size &&
		 !api_transfer_find(
			 c->api, l->id)) /* a crash came between the last byte and its completion */
		api_finish(c, l->id, &l->status, looked);
	else
		looked(c, ERR_OK, NULL);
}

/* ---- termination ---- */

static enum err run_delete(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);
	struct look *l = c->in;
	enum err e = api_call_guard(c, tx, API_CALL_WRITER);

	return e ? e : upload_delete(tx, &c->ask.ask, l->id);
}

static enum err run_remove(struct job *job, struct tx *tx)
{
	struct api_call *c = api_call_of(job);

	(void)tx;
	return parts_remove(c->api->parts, ((const struct look *)c->in)->id);
}

static void remove_done(struct job *job)
{
	api_upload_answer(
		api_call_of(job), 204); /* a part that stayed is swept at the next start */
}

static void delete_done(struct job *job)
{
	struct api_call *c = api_call_of(job);

	if (job->err)
		api_upload_fail(c, job->err, 0, job->sentence);
	else
		api_call_submit(c, PLACE_WORKER, run_remove, remove_done);
}

/* Only its owner hears whether it is written to. */
static void owned_done(struct job *job)
{
	struct api_call *c = api_call_of(job);

	if (job->err)
		api_upload_fail(c, job->err, 0, job->sentence);
	else if (api_transfer_find(c->api, ((const struct look *)c->in)->id))
		api_upload_fail(
			c, ERR_CONFLICT, 0, "The upload is being written to by another request.");
	else
		api_call_submit(c, PLACE_WRITER, run_delete, delete_done);
}

/* ---- which ---- */

static void by_id(struct api_call *c)
{
	struct look *l = ARENA_NEW(&c->arena, struct look);

	c->in = l;
	if (!l)
		api_upload_fail(c, ERR_NOMEM, 0, NULL);
	else if (uuid_parse(c->id, &l->id))
		api_upload_fail(c, ERR_BAD_REQUEST, 0, "The id of an upload is a UUID.");
	else if (c->route == ROUTE_ID_look_upload)
		api_call_submit(c, PLACE_READER, run_look, look_done);
	else if (c->route == ROUTE_ID_append_upload)
		api_transfer_begin(c, l->id);
	else
		api_call_submit(c, PLACE_READER, run_look, owned_done);
}

void api_upload_begin(struct api_call *c)
{
	if (c->route == ROUTE_ID_upload_options) {
		options(c);
		return;
	}
	if (c->token.n == 0) {
		api_upload_fail(c, ERR_UNAUTHORIZED, 0, "The request needs a bearer token.");
		return;
	}
	if (!str_eq(http_head_find(c->head, STR("Tus-Resumable")), STR(TUS_VERSION))) {
		api_call_header(c, STR("Tus-Version"), STR(TUS_VERSION));
		api_upload_fail(
			c, ERR_BAD_REQUEST, 412, "Uploads speak tus: Tus-Resumable must be 1.0.0.");
		return;
	}
	if (c->route == ROUTE_ID_create_upload)
		create(c);
	else
		by_id(c);
}

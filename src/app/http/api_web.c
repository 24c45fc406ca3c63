/* SPDX-License-Identifier: MIT
 *
 * api_web - the files of the web application, from the program's own memory.
 *
 * Layer: app.  Threads: the loop's.
 */
#include "app/http/api_call.h"
#include "http/http_coding.h"
#include "http/http_condition.h"

/* With the codings' names in the order of enum web_files_coding. */
static const char *const codings[] = { "br", "gzip" };

/* What holds for the page and whatever it starts, as workers, holds for all: nothing of another origin, no script or
 * style that is not a file, no text that becomes a script unseen. */
static const char *const guards[][2] = {
	{ "Content-Security-Policy",
		"default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: "
		"data:; "
		"media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
		"form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
		"trusted-types antiphon" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
	{ "Referrer-Policy", "no-referrer" },
};

static const struct web_files_file *find(const struct web_files *files, struct str path)
{
	for (size_t i = 0; i < files->n; i++) {
		if (str_eq(path, str_of(files->v[i].path)))
			return &files->v[i];
	}
	return NULL;
}

static void not_there(struct api_call *c)
{
	if (c->api->o.web->n || c->route != ROUTE_ID_web_page)
		api_call_fail(c, ERR_NOT_FOUND, 0, "There is nothing at this address.");
	else
		api_call_answer(c, 404, "text/plain; charset=utf-8",
			STR("This Antiphon was built without its web application; other clients "
			    "work.\n"));
}

/* Each coding has a tag of its own: strong tags name bytes. */
static struct str tag_of(struct api_call *c, const struct web_files_file *f, int coding)
{
	return coding < 0 ? arena_printf(&c->arena, "\"%s\"", f->hash)
	                  : arena_printf(&c->arena, "\"%s-%s\"", f->hash, codings[coding]);
}

static void describe(struct api_call *c, const struct web_files_file *f, int coding, struct str tag)
{
	api_call_header(c, STR("ETag"), tag);
	api_call_header(c, STR("Cache-Control"),
		f->is_immutable ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
	if (f->is_coded)
		api_call_header(c, STR("Vary"), STR("Accept-Encoding"));
	if (coding >= 0)
		api_call_header(c, STR("Content-Encoding"), str_of(codings[coding]));
	for (size_t i = 0; i < COUNT_OF(guards); i++)
		api_call_header(c, str_of(guards[i][0]), str_of(guards[i][1]));
}

void api_web_begin(struct api_call *c)
{
	const struct web_files_file *f = find(c->api->o.web, c->head->path);

	if (!f) {
		not_there(c);
		return;
	}
	int coding = f->is_coded ? http_coding_choose(c->head, codings, COUNT_OF(codings)) : -1;
	struct str tag = tag_of(c, f, coding);
	int status = tag.p ? http_condition_status(c->head, tag) : 503;
	if (status == 503 || status == 412) {
		api_call_fail(c, status == 503 ? ERR_NOMEM : ERR_BAD_REQUEST, status,
			status == 503 ? NULL : "The file is not the one that If-Match names.");
		return;
	}
	describe(c, f, coding, tag);
	if (status == 304)
		api_call_answer(c, 304, NULL, STR(""));
	else
		api_call_answer_constant(
			c, f->type, f->bytes[coding < 0 ? WEB_FILES_PLAIN : coding]);
}

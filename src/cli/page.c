/* SPDX-License-Identifier: MIT
 *
 * page - see page.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/page.h"

#include <stdint.h>
#include <sysexits.h>

#include "cli/look.h"

/* The elements of one answer into the array, as long as there is room. */
static void take(struct json_writer *w, struct str list, int64_t *left)
{
	struct look_walk walk = look_array(list);
	struct str element;

	for (; *left > 0 && look_next(&walk, &element); (*left)--)
		json_write_raw(w, element);
}

/* The request again, with the cursor where the answer before stopped. In the arena. */
static struct str next_request(struct cli *c, struct str request, struct str answer)
{
	struct str cursor = look_raw(answer, "nextCursor", &c->arena);

	request.n--; /* its closing brace */
	return arena_printf(&c->arena, STR_FMT "%s\"cursor\":" STR_FMT "}", STR_ARG(request),
		request.n > 1 ? "," : "", STR_ARG(cursor));
}

/* All pages, into the array; `first` is the request of the first. */
static int collect(struct cli *c, const struct page *p, struct str first, struct json_writer *w)
{
	struct str request = first, answer = { 0 };
	int64_t left = p->limit ? p->limit : INT64_MAX;

	do {
		int code = session_ask_raw(c, p->ns, p->event, request, &answer);
		if (code)
			return code;
		take(w, look_raw(answer, p->list, &c->arena), &left);
		request = next_request(c, first, answer);
	} while (left > 0 && look_has(answer, "nextCursor", &c->arena));
	return EX_OK;
}

int page_collect(struct cli *c, const struct page *p, struct session_json *request, struct str *out)
{
	struct buf b;

	json_write_end_object(&request->w);
	struct str first = arena_dup(&c->arena, buf_str(&request->b));
	bool failed = buf_failed(&request->b) || !first.p;
	buf_done(&request->b);
	if (failed)
		return cli_no_memory(c);

	buf_init(&b);
	struct json_writer w = json_write_into(&b);
	json_write_begin_array(&w);
	int code = collect(c, p, first, &w);
	json_write_end_array(&w);
	if (!code && buf_failed(&b))
		code = cli_no_memory(c);
	if (!code)
		*out = arena_dup(&c->arena, buf_str(&b));
	buf_done(&b);
	return code;
}

bool page_print_json(struct cli *c, const struct page *p, struct str list)
{
	if (c->json)
		fprintf(c->out, "{\"%s\":" STR_FMT "}\n", p->list, STR_ARG(list));
	return c->json;
}

/* SPDX-License-Identifier: MIT
 *
 * session - see session.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/session.h"

#include <errno.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli/look.h"
#include "cli/print.h"
#include "cli/token_file.h"

enum {
	CONNECT_MS = 20000, /* until both namespaces are there */
	ANSWER_MS = 30000,  /* a little more than the library's own patience */
	SLICE_MS = 50,      /* how long a refusal may go unnoticed while connecting */
};

int session_exit_code(enum antiphon_result result)
{
	switch (result) {
	case ANTIPHON_OK:
		return EX_OK;
	case ANTIPHON_UNAUTHORIZED:
	case ANTIPHON_FORBIDDEN:
		return EX_NOPERM;
	case ANTIPHON_UNAVAILABLE:
		return EX_UNAVAILABLE;
	case ANTIPHON_INTERNAL:
		return EX_SOFTWARE;
	case ANTIPHON_NOMEM:
		return EX_OSERR;
	case ANTIPHON_RATE_LIMITED:
	case ANTIPHON_DISCONNECTED:
	case ANTIPHON_TIMED_OUT:
		return EX_TEMPFAIL;
	default:
		return EX_DATAERR;
	}
}

static int open_client(struct cli *c, const char *token, const char *folder)
{
	const char *ca = cli_option(c, "ca");
	struct antiphon_options options = { .url = token_file_server(c),
		.token = token,
		.folder = folder,
		.tls_ca_file = ca,
		.queue_events = c->command == &commands[COMMAND_listen] };
	enum antiphon_result result;

	if (ca && access(ca, R_OK) != 0)
		return cli_fail(c, EX_NOINPUT, "%s cannot be read: %s.", ca, strerror(errno));
	result = antiphon_new(&options, &c->client);

	if (result == ANTIPHON_BAD_REQUEST)
		return cli_fail(c, EX_USAGE,
			"`%s` is no address of a server; one is https://chat.example.org.",
			options.url);
	if (result && folder)
		return cli_fail(c, EX_CANTCREAT, "What is known cannot be kept in %s.", folder);
	return result ? cli_fail(c, session_exit_code(result), "%s", antiphon_result_text(result))
	              : EX_OK;
}

int session_open(struct cli *c, const char *token)
{
	return open_client(c, token, NULL);
}

static int open_signed_in(struct cli *c, bool kept)
{
	struct token_file token;
	int code = token_file_read(c, &token);

	if (code)
		return code;
	if (!token.token)
		return cli_fail(c, EX_NOPERM, "You are not signed in at %s; run `antiphon login`.",
			token_file_server(c));
	return open_client(c, token.token, kept ? token.folder : NULL);
}

int session_open_signed_in(struct cli *c)
{
	return open_signed_in(c, false);
}

int session_open_kept(struct cli *c)
{
	return open_signed_in(c, true);
}

void session_done(struct cli *c)
{
	antiphon_free(c->client);
	c->client = NULL;
}

/* Where the first CONNECTION_ERROR is kept. */
struct trouble {
	struct cli *c;
	struct session_trouble *out;
};

static void take_trouble(void *context, enum antiphon_event event, const void *payload)
{
	struct trouble *t = context;
	const struct antiphon_connection_error *e = payload;

	(void)event;
	if (t->out->code.n)
		return;
	t->out->code = arena_dup(&t->c->arena, str_of(e->errorCode));
	t->out->sentence =
		print_harmless(t->c, arena_dup(&t->c->arena, str_of(e->errorMessage)), false);
}

enum antiphon_result session_try(struct cli *c, struct session_trouble *out)
{
	struct trouble trouble = { c, out };
	enum antiphon_result result;

	*out = (struct session_trouble){ 0 };
	antiphon_on(c->client, ANTIPHON_CONNECTION_ERROR, take_trouble, &trouble);
	result = antiphon_connect(c->client);
	if (!result)
		result = ANTIPHON_TIMED_OUT;
	for (int waited = 0; waited < CONNECT_MS && result == ANTIPHON_TIMED_OUT && !out->code.n;
		waited += SLICE_MS)
		result = antiphon_synchronise(c->client, SLICE_MS);
	antiphon_on(c->client, ANTIPHON_CONNECTION_ERROR, NULL, NULL);
	return result;
}

static int connect_client(struct cli *c)
{
	struct session_trouble trouble;
	const char *server = token_file_server(c);
	enum antiphon_result result = session_try(c, &trouble);

	if (result == ANTIPHON_OK)
		return EX_OK;
	if (!trouble.code.n)
		return cli_fail(c, session_exit_code(result), "%s did not answer: %s", server,
			antiphon_result_text(result));
	if (str_eq(trouble.code, STR("unauthorized")))
		return cli_fail(
			c, EX_NOPERM, "The session at %s has ended; run `antiphon login`.", server);
	return cli_fail(c, str_eq(trouble.code, STR("unavailable")) ? EX_UNAVAILABLE : EX_TEMPFAIL,
		"%s: " STR_FMT, server, STR_ARG(trouble.sentence));
}

int session_connect(struct cli *c)
{
	int code = open_signed_in(c, false);

	return code ? code : connect_client(c);
}

int session_connect_kept(struct cli *c)
{
	int code = open_signed_in(c, true);

	return code ? code : connect_client(c);
}

int session_http(
	struct cli *c, const char *method, const char *path, struct str json, struct str *answer)
{
	struct antiphon_http_answer got = { 0 };
	const char *sent = json.n ? arena_dup(&c->arena, json).p : NULL;
	enum antiphon_result result = antiphon_http(c->client, method, path, sent, &got);
	struct str copy = arena_dup(&c->arena, str_of(got.body));

	antiphon_text_free(got.body);
	if (result == ANTIPHON_OK) {
		if (answer)
			*answer = copy;
		return EX_OK;
	}
	if (!got.status)
		return cli_fail(c, session_exit_code(result), "The server at %s cannot be reached.",
			token_file_server(c));
	struct str detail = print_harmless(c, look_text(copy, "detail", &c->arena), false);
	return cli_fail(c, session_exit_code(result), STR_FMT,
		STR_ARG(detail.n ? detail : str_of(antiphon_result_text(result))));
}

void session_begin(struct session_json *j)
{
	buf_init(&j->b);
	j->w = json_write_into(&j->b);
	json_write_begin_object(&j->w);
}

void session_text(struct session_json *j, const char *name, const char *text)
{
	if (!text)
		return;
	json_write_key(&j->w, str_of(name));
	json_write_string(&j->w, str_of(text));
}

int session_ask(struct cli *c, const char *ns, const char *event, struct session_json *j,
	struct str *answer)
{
	int code;

	json_write_end_object(&j->w);
	code = buf_failed(&j->b) ? cli_no_memory(c)
	                         : session_ask_raw(c, ns, event, buf_str(&j->b), answer);
	buf_done(&j->b);
	return code;
}

/* An answer as the library gave it; on the heap, so that a late one finds its place. */
struct reply {
	bool ended, abandoned; /* abandoned: nobody waits any more, the answer frees it */
	char *sentence, *json;
};

static void free_reply(struct reply *r)
{
	free(r->sentence);
	free(r->json);
	free(r);
}

static void take_reply(void *context, const struct antiphon_answer *a)
{
	struct reply *r = context;

	r->ended = true;
	r->sentence = strdup(a->sentence);
	r->json = strdup(a->json);
	if (r->abandoned)
		free_reply(r);
}

int session_ask_raw(
	struct cli *c, const char *ns, const char *event, struct str json, struct str *answer)
{
	const struct antiphon_any any = { ns, event, arena_dup(&c->arena, json).p };

	return any.json ? session_ask_any(c, &any, answer) : cli_no_memory(c);
}

int session_ask_any(struct cli *c, const struct antiphon_any *what, struct str *answer)
{
	struct reply *reply = calloc(1, sizeof *reply);

	if (!reply)
		return cli_no_memory(c);
	uint64_t ticket = antiphon_request(c->client, what, take_reply, reply);
	enum antiphon_result result = antiphon_wait(c->client, ticket, ANSWER_MS);
	struct str sentence = print_harmless(c, str_of(reply->sentence), false);
	if (answer)
		*answer = arena_dup(&c->arena, str_of(reply->json));
	if (reply->ended || !ticket)
		free_reply(reply);
	else
		reply->abandoned = true;
	if (result == ANTIPHON_OK)
		return EX_OK;
	return cli_fail(c, session_exit_code(result), STR_FMT,
		STR_ARG(sentence.n ? sentence : str_of(antiphon_result_text(result))));
}

bool session_print_json(struct cli *c, struct str answer)
{
	struct look_walk walk = look_object(answer);
	struct str name, value;
	struct buf b;
	struct json_writer w;

	if (!c->json)
		return false;
	buf_init(&b);
	w = json_write_into(&b);
	json_write_begin_object(&w);
	while (look_next_member(&walk, &c->arena, &name, &value)) {
		if (str_eq(name, STR("ok")))
			continue;
		json_write_key(&w, name);
		json_write_raw(&w, value);
	}
	json_write_end_object(&w);
	fprintf(c->out, STR_FMT "\n", STR_ARG(buf_str(&b)));
	buf_done(&b);
	return true;
}

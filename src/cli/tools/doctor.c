/* SPDX-License-Identifier: MIT
 *
 * doctor - antiphon doctor: what stands between this machine and the server, and how to mend it.
 *
 * Layer: cli.  Threads: one.
 */
#include <inttypes.h>
#include <sysexits.h>
#include <time.h>

#include "base/date.h"
#include "cli/look.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"
#include "cli/token_file.h"

enum { SKEW_MAX_MS = 30000 };

/* The findings, a line or a member each. */
struct report {
	struct cli *c;
	struct buf json;
	struct json_writer w;
	int code; /* of the first that is not well */
};

/* One finding; code 0: all is well. */
static void say(struct report *r, const char *what, int code, struct str sentence)
{
	if (!r->code)
		r->code = code;
	json_write_begin_object(&r->w);
	json_write_key(&r->w, STR("check"));
	json_write_string(&r->w, str_of(what));
	json_write_key(&r->w, STR("ok"));
	json_write_bool(&r->w, code == EX_OK);
	json_write_key(&r->w, STR("message"));
	json_write_string(&r->w, sentence);
	json_write_end_object(&r->w);
	if (!r->c->json)
		fprintf(r->c->out, "%-4s  %-9s  " STR_FMT "\n", code ? "FAIL" : "ok", what,
			STR_ARG(print_harmless(r->c, sentence, false)));
}

/* That the address answers, speaks HTTP, and is an Antiphon server that can write. */
static bool check_server(struct report *r)
{
	struct cli *c = r->c;
	const char *server = token_file_server(c);
	struct antiphon_http_answer got = { 0 };
	enum antiphon_result result = antiphon_http(c->client, "GET", "/readyz", NULL, &got);
	int status = got.status;

	antiphon_text_free(got.body);

	if (!status) {
		say(r, "address", EX_UNAVAILABLE,
			arena_printf(&c->arena,
				"Nothing answers at %s, or its certificate is not trusted; check "
				"the address, "
				"and that the server runs.",
				server));
		return false;
	}
	say(r, "address", EX_OK, arena_printf(&c->arena, "%s answers.", server));
	if (strncmp(server, "http://127.", 11) != 0 &&
		strncmp(server, "http://localhost", 16) != 0 && strncmp(server, "http://", 7) == 0)
		say(r, "tls", EX_NOPERM,
			STR("The address is http: passwords and messages travel readable; use "
			    "https."));
	if (result)
		say(r, "store", EX_UNAVAILABLE,
			arena_printf(&c->arena,
				"/readyz answers %d: the server cannot write now, or is no "
				"Antiphon.",
				status));
	else
		say(r, "store", EX_OK, STR("The server can write."));
	return true;
}

/* That the token is there, for this user alone, and good. False when it is not. */
static bool check_token(struct report *r)
{
	struct cli *c = r->c;
	struct token_file token;

	session_done(c);
	if (token_file_read(c, &token) || !token.token) {
		say(r, "token", EX_NOPERM,
			STR("There is no token that can be used; run `antiphon login`."));
		return false;
	}
	if (session_open_signed_in(c))
		return false;
	enum antiphon_result result =
		antiphon_http(c->client, "GET", "/api/v1/sessions", NULL, NULL);
	if (result)
		say(r, "token", EX_NOPERM,
			STR("The server does not take the token; run `antiphon login`."));
	else
		say(r, "token", EX_OK, STR("The session is valid."));
	session_done(c);
	return result == ANTIPHON_OK;
}

/* How far the clocks are apart: every refusal tells the time of the server. */
static void check_clock(struct report *r)
{
	struct cli *c = r->c;
	struct timespec now;
	char *answer = NULL;
	int64_t server_ms;

	const struct antiphon_any any = { "/music", "GET_TRACK",
		"\"00000000-0000-0000-0000-000000000000\"" };
	(void)antiphon_call(c->client, &any, &answer);
	struct str copy = arena_dup(&c->arena, str_of(answer));
	antiphon_text_free(answer);
	clock_gettime(CLOCK_REALTIME, &now);
	if (date_parse(look_text(copy, "error.timestamp", &c->arena), &server_ms)) {
		say(r, "clock", EX_SOFTWARE, STR("The server does not tell its time."));
		return;
	}
	int64_t skew = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 - server_ms;
	bool far = skew > SKEW_MAX_MS || skew < -SKEW_MAX_MS;
	say(r, "clock", far ? EX_CONFIG : EX_OK,
		arena_printf(&c->arena, "This clock is %" PRId64 " ms %s the server's%s",
			skew < 0 ? -skew : skew, skew < 0 ? "behind" : "ahead of",
			far ? "; set it, or the server's." : "."));
}

static void check_all(struct report *r)
{
	if (!check_server(r) || !check_token(r))
		return;
	int code = session_connect(r->c);
	if (code) {
		say(r, "protocol", code,
			STR("HTTP works, Socket.IO does not; a proxy may refuse WebSocket and "
			    "polling at /socket.io/."));
		return;
	}
	say(r, "protocol", EX_OK, STR("Both namespaces are connected."));
	check_clock(r);
}

int doctor_run(struct cli *c)
{
	struct report r = { .c = c };
	int code = session_open(c);

	if (code)
		return code;
	buf_init(&r.json);
	r.w = json_write_into(&r.json);
	json_write_begin_array(&r.w);
	check_all(&r);
	json_write_end_array(&r.w);
	if (c->json)
		fprintf(c->out, "{\"checks\":" STR_FMT "}\n", STR_ARG(buf_str(&r.json)));
	buf_done(&r.json);
	return r.code;
}

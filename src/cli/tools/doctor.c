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

enum {
	SKEW_MAX_MS = 30000,
	PAYLOAD_LEAST = 65536, /* bytes: the longest message in JSON, and some room */
};

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

/* Whether what is sent to this address stays on this machine. */
static bool is_local(struct str host)
{
	return str_starts(host, STR("127.")) || str_starts(host, STR("localhost")) ||
	       str_starts(host, STR("[::1]"));
}

/* The certificate's fault, and what to do about it. */
static struct str certificate_advice(struct cli *c, struct str fault)
{
	static const struct {
		const char *sign, *advice;
		bool clock; /* the time here belongs to it */
	} known[] = {
		{ "expired",
			" Whoever runs the server must renew it; or the clock here is wrong, which "
			"says ",
			true },
		{ "not yet valid", " Either clock is wrong; the one here says ", true },
		{ "is not for", "", false },
		{ "",
			" Ask whoever runs the server for the certificate of its authority, over a "
			"way "
			"that you trust, and say `--ca FILE`.",
			false },
	};
	char date[DATE_TEXT_BYTES];
	size_t i = 0;

	while (!memmem(fault.p, fault.n, known[i].sign, strlen(known[i].sign)))
		i++; /* the last one is in every text */
	date_text((int64_t)time(NULL) * 1000, date);
	return arena_printf(&c->arena, STR_FMT "%s%.*s%s", STR_ARG(fault), known[i].advice,
		known[i].clock ? (int)sizeof date : 0, date, known[i].clock ? "." : "");
}

/* Nothing has answered: why. */
static void find_fault(struct report *r)
{
	static const char about_certificate[] = "certificate";
	struct cli *c = r->c;
	struct session_trouble t = { 0 };

	session_done(c);
	if (session_open(c, "none")) /* to connect a token is needed; any does here */
		return;
	(void)session_try(c, &t);
	if (memmem(t.sentence.p, t.sentence.n, about_certificate, sizeof about_certificate - 1))
		say(r, "tls", EX_UNAVAILABLE, certificate_advice(c, t.sentence));
	else
		say(r, "address", EX_UNAVAILABLE,
			arena_printf(&c->arena,
				"Nothing answers at %s: " STR_FMT
				" Check the address, and that the "
				"server runs.",
				token_file_server(c),
				STR_ARG(t.sentence.n ? t.sentence
						     : STR("there was no answer in time."))));
}

static void check_encryption(struct report *r)
{
	struct str server = str_of(token_file_server(r->c)), plain = STR("http://");

	if (!str_starts(server, plain))
		say(r, "tls", EX_OK, STR("The way is encrypted, the certificate is trusted."));
	else if (is_local(str_after(server, plain.n)))
		say(r, "tls", EX_OK,
			STR("The way is not encrypted, but does not leave this machine."));
	else
		say(r, "tls", EX_NOPERM,
			STR("The address is http: passwords and messages travel readable; use "
			    "https."));
}

/* That the address answers, and is an Antiphon server that can write. */
static bool check_server(struct report *r)
{
	struct cli *c = r->c;
	const char *server = token_file_server(c);
	struct antiphon_http_answer got = { 0 };
	enum antiphon_result result = antiphon_http(c->client, "GET", "/readyz", NULL, &got);
	int status = got.status;

	antiphon_text_free(got.body);
	if (!status) {
		find_fault(r);
		return false;
	}
	say(r, "address", EX_OK, arena_printf(&c->arena, "%s answers.", server));
	check_encryption(r);
	if (result)
		say(r, "store", EX_UNAVAILABLE,
			arena_printf(&c->arena,
				"/readyz answers %d: the server cannot write now, or this is no "
				"Antiphon server.",
				status));
	else
		say(r, "store", EX_OK, STR("The server can write."));
	return result == ANTIPHON_OK;
}

/* When the session ends if it is not used; empty when the server does not say. */
static struct str session_end(struct cli *c, const char *answer)
{
	struct look_walk walk = look_array(look_raw(str_of(answer), "sessions", &c->arena));
	struct str one;

	while (look_next(&walk, &one)) {
		if (look_bool(one, "current", &c->arena))
			return print_date(c, look_text(one, "expiresAt", &c->arena));
	}
	return STR("");
}

/* That the token is there, for this user alone, and good. False when it is not. */
static bool check_token(struct report *r)
{
	struct cli *c = r->c;
	struct token_file token = token_file_look(c);
	struct antiphon_http_answer got = { 0 };

	session_done(c);
	if (token.exposed)
		say(r, "token", EX_NOPERM,
			arena_printf(&c->arena,
				"Others may read the token in %s; run `chmod 600` on it.",
				token.path));
	else if (!token.token)
		say(r, "token", EX_NOPERM, STR("You are not signed in; run `antiphon login`."));
	if (token.exposed || !token.token || session_open(c, token.token))
		return false;
	enum antiphon_result result =
		antiphon_http(c->client, "GET", "/api/v1/sessions", NULL, &got);
	struct str until = result ? STR("") : session_end(c, got.body);
	if (result)
		say(r, "token", EX_NOPERM,
			STR("The server does not take the token; run `antiphon login`."));
	else
		say(r, "token", EX_OK,
			arena_printf(&c->arena,
				"The session is valid until " STR_FMT
				", and longer when it is used.",
				STR_ARG(until)));
	antiphon_text_free(got.body);
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

/* What Engine.IO's handshake says: how much one packet carries, how often a sign of life is asked for. */
static void check_limits(struct report *r)
{
	struct cli *c = r->c;
	struct antiphon_http_answer got = { 0 };

	(void)antiphon_http(c->client, "GET", "/socket.io/?EIO=4&transport=polling", NULL, &got);
	struct str open = str_of(got.body), handshake = open.n ? str_after(open, 1) : open;
	int64_t most = look_int(handshake, "maxPayload", &c->arena);
	int64_t ping = look_int(handshake, "pingInterval", &c->arena);
	if (most <= 0)
		say(r, "limits", EX_UNAVAILABLE,
			STR("Polling at /socket.io/ does not work; where WebSocket is refused, "
			    "nothing "
			    "will. A proxy may be in the way."));
	else
		say(r, "limits", most < PAYLOAD_LEAST ? EX_CONFIG : EX_OK,
			arena_printf(&c->arena,
				"A packet carries at most %" PRId64
				" bytes%s; a sign of life is asked for "
				"every %" PRId64 " s.",
				most,
				most < PAYLOAD_LEAST
					? ", too little for a long message: whoever runs the "
					  "server should raise its max_payload"
					: "",
				ping / 1000));
	antiphon_text_free(got.body);
}

static void check_all(struct report *r)
{
	struct cli *c = r->c;
	struct session_trouble t = { 0 };

	if (!check_server(r) || !check_token(r))
		return;
	enum antiphon_result result = session_try(c, &t);
	if (result) {
		say(r, "protocol", session_exit_code(result),
			arena_printf(&c->arena,
				"HTTP works, Socket.IO does not: %s" STR_FMT " A proxy may refuse "
				"WebSocket and polling at /socket.io/.",
				t.sentence.n ? "" : antiphon_result_text(result),
				STR_ARG(t.sentence)));
		return;
	}
	say(r, "protocol", EX_OK, STR("Both namespaces are connected."));
	check_clock(r);
	check_limits(r);
}

int doctor_run(struct cli *c)
{
	struct report r = { .c = c };
	int code = session_open(c, NULL);

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

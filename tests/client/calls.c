/* SPDX-License-Identifier: MIT
 *
 * calls URL [thread] - the calls of antiphon.h that wait, as a script makes them, with and without a thread of the client's own.
 * Says what went wrong and ends with 1, or ends with 0.
 *
 * Layer: tests.  Threads: main, and the client's own.
 */
#include <antiphon/antiphon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "it does not hold: %s\n", what);
	exit(1);
}

struct made {
	char id[37];
	unsigned calls;
	enum antiphon_result result;
	char sentence[200];
};

static void on_group(
	void *context, const struct antiphon_answer *a, const struct antiphon_group_answer *typed)
{
	struct made *made = context;

	made->calls++;
	made->result = a->result;
	snprintf(made->sentence, sizeof made->sentence, "%s", a->sentence);
	if (typed)
		snprintf(made->id, sizeof made->id, "%s", typed->group.id);
}

/* Typed requests: an answer, a refusal by the server, one that is refused here. */
static void make_group(struct antiphon *c, struct made *made)
{
	uint64_t ticket = antiphon_group_created(c,
		&(struct antiphon_create_group){
			.name = "room", .kind = { .set = true, .v = ANTIPHON_GROUP_KIND_PRIVATE } },
		on_group, made);

	check(antiphon_wait(c, ticket, 10000) == ANTIPHON_OK, "a group is made");
	check(made->calls == 1 && strlen(made->id) == 36, "its answer is typed");
	check(antiphon_wait(c, ticket, 10000) == ANTIPHON_OK, "a result can be asked for again");
	struct made not_made = { .calls = 0 };
	ticket = antiphon_group_created(c,
		&(struct antiphon_create_group){
			.kind = { .set = true, .v = ANTIPHON_GROUP_KIND_PRIVATE } },
		on_group, &not_made);
	check(antiphon_wait(c, ticket, 10000) == ANTIPHON_BAD_REQUEST,
		"the server refuses one without a name");
	check(not_made.calls == 1 && not_made.sentence[0], "and says why");
	struct antiphon_message_sent nothing = { .groupId = made->id };
	check(antiphon_wait(c, antiphon_message_sent(c, &nothing, NULL, NULL), 10000) ==
			ANTIPHON_BAD_REQUEST,
		"a message without text is refused here");
	check(antiphon_waiting_count(c) == 0, "and does not wait");
	check(antiphon_wait(c, 12345678, 10) == ANTIPHON_NOT_FOUND, "a ticket that is none");
}

static void talk(struct antiphon *c, const char *group_id)
{
	struct antiphon_message_sent what = {
		.groupId = group_id, .message = "hello", .clientId = "mine"
	};
	struct antiphon_occurrence o;
	bool sent = false;

	check(antiphon_wait(c, antiphon_message_sent(c, &what, NULL, NULL), 10000) == ANTIPHON_OK,
		"a message is sent");
	check(antiphon_wait(c, antiphon_message_sent(c, &what, NULL, NULL), 10000) == ANTIPHON_OK,
		"its repeat is taken");
	while (antiphon_next(c, 300, &o)) {
		if (o.event != ANTIPHON_MESSAGE_SENT)
			continue;
		const struct antiphon_message *message = o.payload;
		check(!sent && strcmp(message->message, "hello") == 0, "MESSAGE_SENT comes once");
		sent = true;
	}
	check(sent, "MESSAGE_SENT is queued");
	antiphon_lock(c);
	check(antiphon_message_count(c, group_id) == 1, "it is in the model");
	check(strcmp(antiphon_message_at(c, group_id, 0)->clientId, "mine") == 0, "as it was sent");
	check(antiphon_group_find(c, group_id)->lastSeq == 1, "the group knows");
	check(!antiphon_group_find(c, "none") && antiphon_message_count(c, "none") == 0, "no id");
	antiphon_unlock(c);
}

static void call(struct antiphon *c)
{
	struct antiphon_http_answer http;
	char *answer = NULL;

	check(!antiphon_call(c, &(struct antiphon_any){ "/chat", "GET_SNAPSHOT", "{}" }, &answer),
		"a call by name");
	check(answer && strstr(answer, "\"ok\":true"), "its answer");
	antiphon_text_free(answer);
	check(antiphon_call(c, &(struct antiphon_any){ "/chat", "NOTHING", "{}" }, NULL) ==
			ANTIPHON_UNKNOWN_EVENT,
		"an event that is none");
	check(!antiphon_http(c, "GET", "/api/v1/sessions", NULL, &http) && http.status == 200 &&
			strstr(http.body, "\"sessions\""),
		"the HTTP API");
	antiphon_text_free(http.body);
	check(antiphon_http(c, "GET", "/api/v1/nothing", NULL, NULL) == ANTIPHON_NOT_FOUND,
		"its 404");
}

/* Bytes go beside the text, and come back so. */
static void carry_inline(struct antiphon *c)
{
	static const char audio[100] = "fLaC";
	struct antiphon_publish_track track = { .title = "inline",
		.audio = { .set = true, .v = { audio, sizeof audio } } };
	struct antiphon_occurrence o;
	char id[37] = "";

	check(!antiphon_wait(c, antiphon_publish_track(c, &track, NULL, NULL), 10000),
		"a track is published with its bytes");
	while (!id[0] && antiphon_next(c, 10000, &o))
		if (o.event == ANTIPHON_NEW_TRACK)
			snprintf(id, sizeof id, "%s",
				((const struct antiphon_track *)o.payload)->id);
	check(!antiphon_wait(c,
		      antiphon_download_track(c,
			      &(struct antiphon_download_track){
				      .id = id, .inlined = { .set = true, .v = true } },
			      NULL, NULL),
		      10000),
		"it is asked for");
	do
		check(antiphon_next(c, 10000, &o), "its bytes come");
	while (o.event != ANTIPHON_DOWNLOAD_TRACK);
	const struct antiphon_track *got = o.payload;
	check(got->audio.data.set && got->audio.data.v.n == sizeof audio &&
			memcmp(got->audio.data.v.p, audio, sizeof audio) == 0,
		"as they were");
}

static struct antiphon *new_client(const char *url, const char *username, const char *password)
{
	struct antiphon_options options = {
		.url = url, .username = username, .password = password, .queue_events = true
	};
	struct antiphon *c;

	check(antiphon_new(&options, &c) == ANTIPHON_OK, "a client is made");
	return c;
}

int main(int argc, char **argv)
{
	struct made made = { .calls = 0 };
	struct antiphon *nobody = new_client(argv[1], NULL, NULL);

	check(antiphon_connect(nobody) == ANTIPHON_UNAUTHORIZED, "nobody may connect");
	check(antiphon_sign_in(nobody, "ann", "wrong horse") == ANTIPHON_UNAUTHORIZED,
		"a wrong password");
	struct antiphon_register_account account = { .username = "ann",
		.password = "correct horse" };
	check(antiphon_register(nobody, &account) == ANTIPHON_OK, "an account is made");
	check(antiphon_register(nobody, &account) == ANTIPHON_CONFLICT, "once");
	check(antiphon_token(nobody) != NULL, "its token is known");
	check(antiphon_enter(nobody, 10) == ANTIPHON_TIMED_OUT, "not connected, not entered");
	antiphon_free(nobody);

	struct antiphon *c = new_client(argv[1], "ann", "correct horse");
	check(antiphon_connect(c) == ANTIPHON_OK, "it signs in by itself");
	if (argc > 2)
		check(antiphon_start(c) == ANTIPHON_OK, "a thread drives it");
	check(antiphon_enter(c, 10000) == ANTIPHON_OK, "it enters");
	check(!antiphon_call(c, &(struct antiphon_any){ "/music", "LIST_TRACKS", "{}" }, NULL),
		"requests are taken at once");
	check(antiphon_synchronise(c, 10000) == ANTIPHON_OK, "it gets in step");
	antiphon_lock(c);
	check(strcmp(antiphon_me(c)->username, "ann") == 0, "it knows who it is");
	check(antiphon_user_count(c) == 1 && antiphon_user_find(c, antiphon_me(c)->id),
		"and who is there");
	antiphon_unlock(c);
	make_group(c, &made);
	talk(c, made.id);
	call(c);
	carry_inline(c);
	(void)antiphon_typing(c, &(struct antiphon_typing){ .groupId = made.id }, NULL, NULL);
	antiphon_free(c); /* with a request on its way */
	return 0;
}

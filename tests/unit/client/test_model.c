/* SPDX-License-Identifier: MIT
 *
 * test_model - the model's events, one for each row of protocol.md's table, and what differs after an absence.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"
#include "../no_memory.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "client/model.h"

#define ID(n) "0193a1b2-0000-7000-8000-0000000000" n
#define ME    ID("01")
#define BOB   ID("02")
#define EVE   ID("03")
#define LOBBY ID("10")
#define ROOM  ID("11")
#define DATE1 "\"2026-11-22T09:00:00.000Z\""

#define USER_OF(id, name, bio)                                                                     \
	"{\"id\":\"" id "\",\"username\":\"" name "\",\"displayName\":\"\",\"bio\":\"" bio         \
	"\",\"avatarUrl\":null,\"status\":\"online\",\"statusText\":\"\",\"role\":\"user\","       \
	"\"createdAt\":" DATE1 "}"
#define TRACK_OF(n, title, rev)                                                                    \
	"{\"id\":\"" ID(                                                                           \
		n) "\",\"userId\":\"" BOB "\",\"title\":\"" title                                  \
		   "\",\"artist\":\"\",\"album\":\"\",\"genre\":\"\",\"year\":null,\"tags\":["     \
		   "\"a\"],"                                                                       \
		   "\"durationMs\":null,\"audio\":{\"mime\":\"audio/ogg\",\"size\":1,\"blake2b\":" \
		   "\"0000000000000000000000000000000000000000000000000000000000000000\","         \
		   "\"url\":\"/a?s=" rev                                                           \
		   "\"},\"coverUrl\":null,\"rating\":{\"average\":0,\"count\":0},"                 \
		   "\"commentCount\":0,\"downloads\":0,\"publishedAt\":" DATE1                     \
		   ",\"updatedAt\":" DATE1 ",\"rev\":" rev "}"
#define COMMENT_OF(n, track, rev)                                                                  \
	"{\"id\":\"" ID(n) "\",\"trackId\":\"" ID(                                                 \
		track) "\",\"userId\":\"" BOB                                                      \
		       "\",\"text\":\"t\",\"positionMs\":null,\"timestamp\":" DATE1                \
		       ",\"rev\":" rev "}"
#define RATING_OF(track, value, rev)                                                               \
	"{\"trackId\":\"" ID(track) "\",\"userId\":\"" BOB "\",\"value\":" value                   \
				    ",\"timestamp\":" DATE1                                        \
				    ",\"average\":3,\"count\":1,\"rev\":" rev "}"
#define CHANGE_OF(rev, kind, id, object)                                                           \
	"{\"rev\":" rev ",\"kind\":\"" kind "\",\"id\":\"" id "\",\"object\":" object "}"
#define GROUP_OF(id, last, rev)                                                                    \
	"{\"id\":\"" id "\",\"name\":\"g\",\"kind\":\"private\",\"creatorId\":null,"               \
	"\"createdAt\":" DATE1 ",\"memberCount\":2,\"lastSeq\":" last ",\"rev\":" rev "}"
#define MESSAGE_MORE(n, seq, rev, user, text, edited, deleted, reactions)                          \
	"{\"messageId\":\"" ID(n) "\",\"groupId\":\"" ROOM "\",\"seq\":" seq ",\"rev\":" rev       \
				  ",\"userId\":\"" user "\",\"message\":\"" text                   \
				  "\",\"timestamp\":" DATE1                                        \
				  ",\"clientId\":null,\"replyTo\":null,\"files\":[],\"tracks\":[]" \
				  ",\"editedAt\":" edited ",\"deletedAt\":" deleted                \
				  ",\"reactions\":[" reactions "]}"
#define MESSAGE_OF(n, seq, rev, user, text)                                                        \
	MESSAGE_MORE(n, seq, rev, user, text, "null", "null", "")
#define NOTE_OF(n)                                                                                 \
	"{\"notificationId\":\"" ID(                                                               \
		n) "\",\"userId\":\"" ME                                                           \
		   "\",\"notificationType\":\"security\",\"data\":{},\"timestamp\":" DATE1 "}"
#define SNAPSHOT_OF(groups, settings, unread, notes)                                               \
	"{\"dataType\":\"snapshot\",\"timestamp\":" DATE1 ",\"data\":{\"me\":" USER_OF(ME, "me",   \
		"") ",\"settings\":{" settings "},\"groups\":[" groups                             \
		    "],\"users\":[],\"unread\":{" unread "},\"notifications\":[" notes "]}}"

/* What the model has said, as one line: "NEW_USERS NEW_TRACKS …", and what it asks, and how much it keeps. */
struct seen {
	struct buf events, asked;
	enum event_id asked_id;
	unsigned kept, forgotten;
	struct model *model;
};

static void on_raise(void *context, enum antiphon_event event, const void *payload)
{
	static const char *const names[] = {
#define MODEL(id, payload, doc)     #id,
#define CHAT(id, row, payload, doc) #id,
#include "client/model_events.def"
#undef MODEL
#undef CHAT
	};
	struct seen *s = context;

	assert_non_null(payload);
	if (s->events.n)
		buf_byte(&s->events, ' ');
	buf_append(&s->events, str_of(names[event]));
}

static void on_ask(void *context, enum event_id id, struct str json)
{
	struct seen *s = context;

	s->asked_id = id;
	buf_clear(&s->asked);
	buf_append(&s->asked, json);
	buf_byte(&s->asked, 0);
}

static void on_keep(void *context, const struct model_record *r, bool gone)
{
	struct seen *s = context;

	assert_true(gone || r->kind == MODEL_REV || r->json.n);
	*(gone ? &s->forgotten : &s->kept) += 1;
}

static const struct model_handler handler = { on_raise, on_ask, on_keep };

static void expect(struct seen *s, const char *what, const char *events)
{
	buf_byte(&s->events, 0);
	if (strcmp(s->events.p, events) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", what, s->events.p, events);
	buf_clear(&s->events);
}

static void answer_own(struct seen *s, enum event_id id, const char *answer)
{
	assert_int_equal(s->asked_id, id);
	char *request = strdup(s->asked.p);
	assert_non_null(request);
	assert_int_equal(model_answer(s->model, &(struct model_answer){ .id = id,
							.request = str_of(request),
							.answer = str_of(answer),
							.own = true }),
		ERR_OK);
	free(request);
}

static void tell(struct seen *s, enum ns ns, const char *event, const char *json)
{
	assert_int_equal(model_event(s->model, ns, str_of(event),
				 &(struct schema_source){ .json = str_of(json) }),
		ERR_OK);
}

#define TWO_GROUPS GROUP_OF(LOBBY, "0", "0") "," GROUP_OF(ROOM, "0", "0")

/* Connected and in step: me and Bob are there, one track of rev 5, two groups. */
static int begin(void **state)
{
	struct seen *s = calloc(1, sizeof *s);

	assert_non_null(s);
	assert_int_equal(model_new(&handler, s, &s->model), ERR_OK);
	model_connected(s->model, NS_MUSIC, false);
	answer_own(s, EVENT_user_connect,
		"{\"ok\":true,\"users\":[" USER_OF(ME, "me", "") "," USER_OF(BOB, "bob", "") "]}");
	assert_string_equal(s->asked.p, "{\"afterRev\":0,\"limit\":500}");
	answer_own(s, EVENT_list_changes,
		"{\"ok\":true,\"changes\":[" CHANGE_OF(
			"4", "user", BOB, USER_OF(BOB, "bob", "")) "],"
								   "\"rev\":4,\"more\":true}");
	assert_string_equal(s->asked.p, "{\"afterRev\":4,\"limit\":500}");
	answer_own(s, EVENT_list_changes,
		"{\"ok\":true,\"changes\":[" CHANGE_OF("5", "track", ID("20"),
			TRACK_OF("20", "one", "5")) "],\"rev\":5,\"more\":false}");
	model_connected(s->model, NS_CHAT, false);
	tell(s, NS_CHAT, "DATA_RECEIVED",
		SNAPSHOT_OF(TWO_GROUPS, "\"theme\":\"dark\"", "\"" ROOM "\":0", NOTE_OF("30")));
	expect(s, "the first connection", "NEW_USERS NEW_TRACKS DATA_RECEIVED SYNCHRONISED");
	assert_true(model_is_synchronised(s->model));
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct seen *s = *state;

	model_free(s->model);
	buf_done(&s->events);
	buf_done(&s->asked);
	free(s);
	return 0;
}

static const struct {
	const char *what;
	enum ns ns;
	const char *event, *json, *events;
} relays[] = {
	{ "a user comes", NS_MUSIC, "USER_CONNECT", USER_OF(EVE, "eve", ""), "NEW_USER" },
	{ "one who is there comes again", NS_MUSIC, "USER_CONNECT", USER_OF(BOB, "bob", ""), "" },
	{ "a user changes", NS_MUSIC, "USER_UPDATE", USER_OF(BOB, "bob", "x"), "UPDATE_USER" },
	{ "one who is not there changes", NS_MUSIC, "USER_UPDATE", USER_OF(EVE, "eve", "x"), "" },
	{ "a user goes", NS_MUSIC, "USER_DISCONNECT", USER_OF(BOB, "bob", ""), "DELETE_USER" },
	{ "one who is not there goes", NS_MUSIC, "USER_DISCONNECT", USER_OF(EVE, "eve", ""), "" },
	{ "the list again", NS_MUSIC, "USER_CONNECTED", "[" USER_OF(EVE, "eve", "") "]", "" },
	{ "a track", NS_MUSIC, "PUBLISH_TRACK", TRACK_OF("21", "two", "6"), "NEW_TRACK" },
	{ "a track that is known", NS_MUSIC, "PUBLISH_TRACK", TRACK_OF("20", "one", "5"), "" },
	{ "other fields", NS_MUSIC, "UPDATE_TRACK", TRACK_OF("20", "uno", "6"), "UPDATE_TRACK" },
	{ "fields of before", NS_MUSIC, "UPDATE_TRACK", TRACK_OF("20", "old", "4"), "" },
	{ "a track goes", NS_MUSIC, "UNPUBLISH_TRACK", TRACK_OF("20", "one", "6"), "DELETE_TRACK" },
	{ "one that is not there", NS_MUSIC, "UNPUBLISH_TRACK", TRACK_OF("22", "x", "6"), "" },
	{ "a comment", NS_MUSIC, "PUBLISH_COMMENT", COMMENT_OF("40", "20", "6"), "NEW_COMMENT" },
	{ "a rating", NS_MUSIC, "PUBLISH_RATING", RATING_OF("20", "3", "6"), "NEW_RATING" },
	{ "some come and go at once", NS_MUSIC, "DATA_RECEIVED",
		"{\"dataType\":\"presence\",\"timestamp\":" DATE1
		",\"data\":{\"online\":1,\"connected\":[\"" EVE "\"],\"disconnected\":[\"" BOB
		"\"]}}",
		"DELETE_USER" },
	{ "an error of /music", NS_MUSIC, "ERROR_OCCURED",
		"{\"errorCode\":\"x\",\"errorMessage\":\"X.\",\"timestamp\":" DATE1
		",\"event\":null}",
		"ERROR_OCCURED" },
	{ "a message", NS_CHAT, "MESSAGE_RECEIVED", MESSAGE_OF("50", "1", "1", BOB, "hi"),
		"MESSAGE_RECEIVED" },
	{ "one's own from elsewhere", NS_CHAT, "MESSAGE_SENT", MESSAGE_OF("50", "1", "1", ME, "hi"),
		"MESSAGE_SENT" },
	{ "presence", NS_CHAT, "USER_CONNECTED", "{\"userId\":\"" BOB "\",\"timestamp\":" DATE1 "}",
		"USER_CONNECTED" },
	{ "a setting goes", NS_CHAT, "USER_SETTINGS_UPDATED",
		"{\"userId\":\"" ME
		"\",\"settingName\":\"theme\",\"newValue\":null,\"timestamp\":" DATE1 "}",
		"USER_SETTINGS_UPDATED" },
	{ "one is thrown out", NS_CHAT, "GROUP_MEMBER_REMOVED",
		"{\"groupId\":\"" ROOM "\",\"userId\":\"" ME "\",\"removedBy\":\"" BOB
		"\",\"timestamp\":" DATE1 "}",
		"GROUP_MEMBER_REMOVED" },
	{ "a notification that is known", NS_CHAT, "NOTIFICATION_RECEIVED", NOTE_OF("30"), "" },
	{ "another one", NS_CHAT, "NOTIFICATION_RECEIVED", NOTE_OF("31"), "NOTIFICATION_RECEIVED" },
	{ "all are read", NS_CHAT, "NOTIFICATION_READ",
		"{\"notificationId\":\"all\",\"timestamp\":" DATE1 "}", "NOTIFICATION_READ" },
};

static void each_relay_raises_its_event_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(relays); i++) {
		void *own = NULL;
		begin(&own);
		struct seen *s = own;
		tell(s, relays[i].ns, relays[i].event, relays[i].json);
		expect(s, relays[i].what, relays[i].events);
		bool again = relays[i].ns == NS_MUSIC &&
		             strcmp(relays[i].event, "ERROR_OCCURED") != 0 &&
		             strcmp(relays[i].event, "USER_UPDATE") != 0;
		if (again || strncmp(relays[i].event, "MESSAGE_", 8) == 0) {
			tell(s, relays[i].ns, relays[i].event, relays[i].json);
			expect(s, relays[i].what, "");
		}
		end(&own);
	}
}

static const struct {
	const char *what;
	enum event_id id;
	const char *request, *answer, *events;
} own[] = {
	{ "the profile", EVENT_user_update, "{\"bio\":\"b\"}",
		"{\"ok\":true,\"user\":" USER_OF(ME, "me", "b") "}", "UPDATE_USER" },
	{ "a track", EVENT_publish_track, "{\"title\":\"t\"}",
		"{\"ok\":true,\"track\":" TRACK_OF("21", "t", "6") "}", "NEW_TRACK" },
	{ "its fields", EVENT_update_track, "{\"id\":\"" ID("20") "\",\"title\":\"t\"}",
		"{\"ok\":true,\"track\":" TRACK_OF("20", "t", "6") "}", "UPDATE_TRACK" },
	{ "its end", EVENT_unpublish_track, "{\"id\":\"" ID("20") "\"}", "{\"ok\":true}",
		"DELETE_TRACK" },
	{ "a comment", EVENT_publish_comment, "{\"trackId\":\"" ID("20") "\",\"text\":\"t\"}",
		"{\"ok\":true,\"comment\":" COMMENT_OF("40", "20", "6") "}", "NEW_COMMENT" },
	{ "a rating", EVENT_publish_rating, "{\"trackId\":\"" ID("20") "\",\"value\":3}",
		"{\"ok\":true,\"rating\":" RATING_OF("20", "3", "6") ",\"average\":3,\"count\":1}",
		"NEW_RATING" },
	{ "a message", EVENT_message_sent, "{\"groupId\":\"" ROOM "\",\"message\":\"m\"}",
		"{\"ok\":true,\"messageId\":\"" ID("50") "\",\"groupId\":\"" ROOM
							 "\",\"seq\":1,\"timestamp\":" DATE1 "}",
		"MESSAGE_SENT" },
	{ "a setting", EVENT_user_settings_updated, "{\"settingName\":\"a\",\"newValue\":1}",
		"{\"ok\":true}", "" },
	{ "something refused", EVENT_publish_track, "{\"title\":\"t\"}", "", "" },
};

static void each_own_change_raises_its_event_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		void *mine = NULL;
		begin(&mine);
		struct seen *s = mine;
		struct model_answer a = { .id = own[i].id,
			.request = str_of(own[i].request),
			.answer = str_of(own[i].answer) };
		assert_int_equal(model_answer(s->model, &a), ERR_OK);
		expect(s, own[i].what, own[i].events);
		if (own[i].id != EVENT_user_update) {
			assert_int_equal(model_answer(s->model, &a), ERR_OK);
			expect(s, own[i].what, "");
		}
		end(&mine);
	}
}

static void after_an_absence_only_what_differs_is_raised(void **state)
{
	struct seen *s = *state;

	tell(s, NS_MUSIC, "PUBLISH_TRACK", TRACK_OF("21", "two", "6"));
	tell(s, NS_MUSIC, "PUBLISH_COMMENT", COMMENT_OF("40", "20", "7"));
	expect(s, "before", "NEW_TRACK NEW_COMMENT");
	model_connected(s->model, NS_MUSIC, false);
	answer_own(s, EVENT_user_connect,
		"{\"ok\":true,\"users\":[" USER_OF(ME, "me", "new") "," USER_OF(
			EVE, "eve", "") "]}");
	expect(s, "users", "DELETE_USER UPDATE_USER NEW_USER");
	assert_string_equal(s->asked.p, "{\"afterRev\":7,\"limit\":500}");
	answer_own(s, EVENT_list_changes,
		"{\"ok\":true,\"changes\":[" CHANGE_OF(
			"8", "track", ID("21"), "null") "," CHANGE_OF("9", "track", ID("20"),
			TRACK_OF("20", "other", "9")) "," CHANGE_OF("10", "comment", ID("41"),
			COMMENT_OF("41", "20", "10")) "," CHANGE_OF("11", "rating",
			ID("20") "/" BOB, RATING_OF("20", "4", "11")) "," CHANGE_OF("12", "track",
			ID("22"), TRACK_OF("22", "three", "12")) "],"
								 "\"rev\":12,\"more\":false}");
	expect(s, "the catalogue",
		"DELETE_TRACK UPDATE_TRACK NEW_COMMENT NEW_RATING NEW_TRACK SYNCHRONISED");
	assert_int_equal(model_shelf(s->model, MODEL_TRACK)->n, 2);
	const struct antiphon_track *track = item_object(model_shelf(s->model, MODEL_TRACK)->v[0]);
	assert_string_equal(track->title, "other");
	assert_int_equal(track->commentCount, 2);
	assert_true(track->rating.average == 4 && track->rating.count == 1);
	model_connected(s->model, NS_MUSIC, false);
	answer_own(s, EVENT_user_connect,
		"{\"ok\":true,\"users\":[" USER_OF(ME, "me", "new") "," USER_OF(
			EVE, "eve", "") "]}");
	answer_own(s, EVENT_list_changes, "{\"ok\":true,\"changes\":[],\"rev\":12,\"more\":false}");
	expect(s, "nothing differs", "SYNCHRONISED");
}

static void what_comes_while_the_catalogue_does_is_told_once_and_in_order(void **state)
{
	struct seen *s = *state;

	model_connected(s->model, NS_MUSIC, false);
	answer_own(s, EVENT_user_connect,
		"{\"ok\":true,\"users\":[" USER_OF(ME, "me", "") "," USER_OF(BOB, "bob", "") "]}");
	tell(s, NS_MUSIC, "PUBLISH_COMMENT", COMMENT_OF("40", "21", "7"));
	expect(s, "a comment whose track is not known yet", "");
	tell(s, NS_MUSIC, "PUBLISH_TRACK", TRACK_OF("22", "three", "8"));
	tell(s, NS_MUSIC, "UNPUBLISH_TRACK", TRACK_OF("22", "three", "9"));
	expect(s, "a track comes and goes", "NEW_TRACK DELETE_TRACK");
	answer_own(s, EVENT_list_changes,
		"{\"ok\":true,\"changes\":[" CHANGE_OF("7", "comment", ID("40"),
			COMMENT_OF("40", "21", "7")) "," CHANGE_OF("8", "track", ID("22"),
			TRACK_OF("22", "three", "8")) "," CHANGE_OF("8", "comment", ID("41"),
			COMMENT_OF("41", "22", "8")) "],\"rev\":8,\"more\":true}");
	expect(s, "a page that does not know of its end", "");
	answer_own(s, EVENT_list_changes,
		"{\"ok\":true,\"changes\":[" CHANGE_OF(
			"9", "track", ID("22"), "null") "," CHANGE_OF("10", "track", ID("21"),
			TRACK_OF("21", "two", "10")) "],\"rev\":10,\"more\":false}");
	expect(s, "the track and what came before it", "NEW_TRACK NEW_COMMENT SYNCHRONISED");
	tell(s, NS_MUSIC, "PUBLISH_COMMENT", COMMENT_OF("42", "22", "11"));
	expect(s, "a comment on what is gone", "");
	assert_int_equal(model_shelf(s->model, MODEL_COMMENT)->n, 1);
}

static void a_status_told_by_chat_is_in_the_model(void **state)
{
	struct seen *s = *state;
	const struct antiphon_user *bob = item_object(model_shelf(s->model, MODEL_USER)->v[1]);

	assert_string_equal(bob->username, "bob");
	tell(s, NS_CHAT, "USER_STATUS_CHANGED",
		"{\"userId\":\"" BOB
		"\",\"newStatus\":\"busy\",\"statusText\":\"x\",\"timestamp\":" DATE1 "}");
	expect(s, "another status", "USER_STATUS_CHANGED");
	bob = item_object(model_shelf(s->model, MODEL_USER)->v[1]);
	assert_int_equal(bob->status, ANTIPHON_STATUS_BUSY);
	assert_string_equal(bob->statusText, "x");
}

/* So many users as one JSON list, from number `first` on. */
static struct str some_users(struct buf *b, unsigned first, unsigned n)
{
	buf_clear(b);
	buf_byte(b, '[');
	for (unsigned i = first; i < first + n; i++)
		buf_printf(b,
			"%s{\"id\":\"01900000-0000-7000-8000-%012u\",\"username\":\"u%u\","
			"\"displayName\":\"\",\"bio\":\"\",\"avatarUrl\":null,\"status\":"
			"\"online\","
			"\"statusText\":\"\",\"role\":\"user\",\"createdAt\":" DATE1 "}",
			i > first ? "," : "", i, i);
	buf_byte(b, ']');
	return buf_str(b);
}

static void more_users_than_come_at_once_are_asked_for_in_pages(void **state)
{
	struct seen *s = *state;
	struct buf users = { 0 }, answer = { 0 };

	for (int i = 0; i < 2; i++) {
		model_connected(s->model, NS_MUSIC, false);
		buf_clear(&answer);
		buf_printf(&answer, "{\"ok\":true,\"users\":" STR_FMT "}",
			STR_ARG(some_users(&users, 1000, 1000)));
		buf_byte(&answer, 0);
		answer_own(s, EVENT_user_connect, answer.p);
		expect(s, "the first thousand", "");
		assert_string_equal(s->asked.p, "{\"connected\":true,\"limit\":100}");
		tell(s, NS_MUSIC, "USER_DISCONNECT",
			USER_OF("01900000-0000-7000-8000-000000001000", "u1000", ""));
		buf_clear(&answer);
		buf_printf(&answer, "{\"ok\":true,\"users\":" STR_FMT ",\"nextCursor\":\"c\"}",
			STR_ARG(some_users(&users, 1950, 100)));
		buf_byte(&answer, 0);
		answer_own(s, EVENT_list_users, answer.p);
		assert_string_equal(
			s->asked.p, "{\"connected\":true,\"cursor\":\"c\",\"limit\":100}");
		buf_clear(&answer);
		buf_printf(&answer, "{\"ok\":true,\"users\":" STR_FMT ",\"nextCursor\":null}",
			STR_ARG(some_users(&users, 2050, 50)));
		buf_byte(&answer, 0);
		buf_clear(&s->events);
		answer_own(s, EVENT_list_users, answer.p);
		assert_int_equal(model_shelf(s->model, MODEL_USER)->n, 1099);
		answer_own(s, EVENT_list_changes,
			"{\"ok\":true,\"changes\":[],\"rev\":5,\"more\":false}");
		if (i)
			expect(s, "the same again", "SYNCHRONISED");
		buf_clear(&s->events);
	}
	buf_done(&users);
	buf_done(&answer);
}

static void on_track(void *context, enum antiphon_event event, const void *payload)
{
	const struct antiphon_track *track = payload;
	unsigned *seen = context;

	assert_int_equal(event, ANTIPHON_DOWNLOAD_TRACK);
	assert_true(track->audio.data.set && track->audio.data.v.n == 3);
	assert_memory_equal(track->audio.data.v.p, "abc", 3);
	(*seen)++;
}

static void nobody_asks(void *context, enum event_id id, struct str json)
{
	(void)context;
	(void)id;
	(void)json;
}

static void nothing_is_kept(void *context, const struct model_record *r, bool gone)
{
	(void)context;
	(void)r;
	(void)gone;
}

static void the_bytes_of_an_inline_download_are_given(void **state)
{
	static const struct model_handler takes = { on_track, nobody_asks, nothing_is_kept };
	struct str bytes = STR("abc");
	struct buf json = { 0 };
	unsigned seen = 0;
	struct model *m;

	(void)state;
	assert_int_equal(model_new(&takes, &seen, &m), ERR_OK);
	struct str track = STR(TRACK_OF("20", "one", "5")), url = STR("\"url\":");
	const char *at = memmem(track.p, track.n, url.p, url.n);
	assert_non_null(at);
	buf_append(&json, (struct str){ track.p, (size_t)(at - track.p) });
	buf_append(&json, STR("\"data\":{\"_placeholder\":true,\"num\":0},"));
	buf_append(&json, (struct str){ at, (size_t)(track.p + track.n - at) });
	struct schema_source from = { buf_str(&json), &bytes, 1 };
	assert_int_equal(model_event(m, NS_MUSIC, STR("DOWNLOAD_TRACK"), &from), ERR_OK);
	assert_int_equal(seen, 1);
	buf_done(&json);
	model_free(m);
}

static void a_group_that_went_on_is_caught_up_with(void **state)
{
	struct seen *s = *state;

	tell(s, NS_CHAT, "MESSAGE_RECEIVED", MESSAGE_OF("50", "1", "1", BOB, "a"));
	tell(s, NS_CHAT, "MESSAGE_RECEIVED", MESSAGE_OF("51", "2", "2", BOB, "b"));
	expect(s, "before", "MESSAGE_RECEIVED MESSAGE_RECEIVED");
	model_connected(s->model, NS_CHAT, false);
	tell(s, NS_CHAT, "DATA_RECEIVED",
		SNAPSHOT_OF(GROUP_OF(LOBBY, "0", "0") "," GROUP_OF(ROOM, "4", "7"),
			"\"theme\":\"light\"", "\"" ROOM "\":3", NOTE_OF("31")));
	expect(s, "the snapshot",
		"DATA_RECEIVED USER_SETTINGS_UPDATED NOTIFICATION_READ NOTIFICATION_RECEIVED");
	assert_string_equal(s->asked.p, "{\"groupId\":\"" ROOM "\",\"afterRev\":2,\"limit\":200}");
	tell(s, NS_CHAT, "MESSAGE_RECEIVED", MESSAGE_OF("54", "5", "8", BOB, "e"));
	expect(s, "one that comes meanwhile", "MESSAGE_RECEIVED");
	answer_own(s, EVENT_get_history,
		"{\"ok\":true,\"messages\":[" MESSAGE_MORE("50", "1", "3", BOB, "a2", DATE1, "null",
			"{\"reaction\":\":ok:\",\"userIds\":[\"" BOB
			"\"]}") "," MESSAGE_OF("52", "3", "4", BOB, "c") "],\"more\":true}");
	expect(s, "the first page", "MESSAGE_EDITED MESSAGE_REACTION MESSAGE_RECEIVED");
	assert_string_equal(s->asked.p, "{\"groupId\":\"" ROOM "\",\"afterRev\":4,\"limit\":200}");
	answer_own(s, EVENT_get_history,
		"{\"ok\":true,\"messages\":[" MESSAGE_OF("53", "4", "5", ME, "d") "," MESSAGE_MORE(
			"51", "2", "7", BOB, "", "null", DATE1, "") "," MESSAGE_OF("54", "5", "8",
			BOB, "e") "],\"more\":false}");
	expect(s, "the second page", "MESSAGE_SENT MESSAGE_DELETED SYNCHRONISED");
	assert_int_equal(model_shelf(s->model, MODEL_MESSAGE)->n, 5);
}

#define EDIT_OF(n, seq, rev, text)                                                                 \
	"{\"messageId\":\"" ID(n) "\",\"groupId\":\"" ROOM "\",\"seq\":" seq ",\"rev\":" rev       \
				  ",\"userId\":\"" BOB "\",\"message\":\"" text                    \
				  "\",\"editedAt\":" DATE1 "}"

static void a_change_that_comes_before_what_was_missed_hides_nothing_of_it(void **state)
{
	struct seen *s = *state;
	const struct shelf *messages = model_shelf(s->model, MODEL_MESSAGE);

	tell(s, NS_CHAT, "MESSAGE_RECEIVED", MESSAGE_OF("50", "1", "1", BOB, "a"));
	model_connected(s->model, NS_CHAT, false);
	tell(s, NS_CHAT, "DATA_RECEIVED",
		SNAPSHOT_OF(GROUP_OF(LOBBY, "0", "0") "," GROUP_OF(ROOM, "2", "3"),
			"\"theme\":\"dark\"", "\"" ROOM "\":2", NOTE_OF("30")));
	expect(s, "before", "MESSAGE_RECEIVED DATA_RECEIVED");
	tell(s, NS_CHAT, "MESSAGE_EDITED", EDIT_OF("50", "1", "4", "b"));
	tell(s, NS_CHAT, "MESSAGE_EDITED", EDIT_OF("51", "2", "5", "d"));
	expect(s, "of the two edits the one of the known message", "MESSAGE_EDITED");
	answer_own(s, EVENT_get_history,
		"{\"ok\":true,\"messages\":[" MESSAGE_OF("51", "2", "2", BOB, "c") "," MESSAGE_MORE(
			"50", "1", "3", BOB, "a", "null", "null",
			"{\"reaction\":\":ok:\",\"userIds\":[\"" BOB "\"]}") "],\"more\":false}");
	expect(s, "a page from before the edits", "MESSAGE_RECEIVED");
	assert_string_equal(s->asked.p, "{\"groupId\":\"" ROOM "\",\"afterRev\":3,\"limit\":200}");
	answer_own(s, EVENT_get_history,
		"{\"ok\":true,\"messages\":[" MESSAGE_MORE("50", "1", "4", BOB, "b", DATE1, "null",
			"{\"reaction\":\":ok:\",\"userIds\":[\"" BOB "\"]}") "," MESSAGE_MORE("51",
			"2", "5", BOB, "d", DATE1, "null", "") "],\"more\":false}");
	expect(s, "the one behind them", "MESSAGE_REACTION MESSAGE_EDITED SYNCHRONISED");
	const struct antiphon_message *message = item_object(messages->v[0]);
	assert_string_equal(message->message, "b");
	assert_int_equal(message->reactions.n, 1);
	message = item_object(messages->v[1]);
	assert_string_equal(message->message, "d");
}

static void a_group_of_which_one_is_no_member_any_more_goes(void **state)
{
	struct seen *s = *state;

	tell(s, NS_CHAT, "MESSAGE_RECEIVED", MESSAGE_OF("50", "1", "1", BOB, "a"));
	model_connected(s->model, NS_CHAT, false);
	tell(s, NS_CHAT, "DATA_RECEIVED",
		SNAPSHOT_OF(GROUP_OF(LOBBY, "0", "0") "," GROUP_OF(ID("12"), "3", "3"),
			"\"theme\":\"dark\"", "", NOTE_OF("30")));
	expect(s, "groups",
		"MESSAGE_RECEIVED DATA_RECEIVED GROUP_MEMBER_REMOVED GROUP_CREATED SYNCHRONISED");
	assert_int_equal(model_shelf(s->model, MODEL_MESSAGE)->n, 0);
	assert_int_equal(model_shelf(s->model, MODEL_GROUP)->n, 2);
}

static void a_history_that_is_refused_does_not_hold_up_the_rest(void **state)
{
	struct seen *s = *state;

	model_connected(s->model, NS_CHAT, false);
	tell(s, NS_CHAT, "DATA_RECEIVED",
		SNAPSHOT_OF(GROUP_OF(LOBBY, "1", "1") "," GROUP_OF(ROOM, "1", "1"),
			"\"theme\":\"dark\"", "", NOTE_OF("30")));
	answer_own(s, EVENT_get_history, "");
	assert_string_equal(s->asked.p, "{\"groupId\":\"" ROOM "\",\"afterRev\":0,\"limit\":200}");
	answer_own(s, EVENT_get_history, "");
	expect(s, "refused twice", "DATA_RECEIVED SYNCHRONISED");
}

static void messages_change_where_they_are(void **state)
{
	struct seen *s = *state;
	const struct shelf *messages = model_shelf(s->model, MODEL_MESSAGE);

	tell(s, NS_CHAT, "MESSAGE_RECEIVED", MESSAGE_OF("50", "1", "1", BOB, "a"));
	tell(s, NS_CHAT, "MESSAGE_EDITED",
		"{\"messageId\":\"" ID("50") "\",\"groupId\":\"" ROOM
					     "\",\"seq\":1,\"rev\":2,\"userId\":\"" BOB
					     "\",\"message\":\"b\",\"editedAt\":" DATE1 "}");
	tell(s, NS_CHAT, "MESSAGE_REACTION",
		"{\"messageId\":\"" ID(
			"50") "\",\"groupId\":\"" ROOM "\",\"userId\":\"" ME
			      "\",\"reaction\":\":x:\",\"on\":true,\"rev\":3,\"timestamp\":" DATE1
			      "}");
	const struct antiphon_message *message = item_object(messages->v[0]);
	assert_string_equal(message->message, "b");
	assert_int_equal(message->reactions.n, 1);
	assert_string_equal(message->reactions.v[0].userIds.v[0], ME);
	tell(s, NS_CHAT, "MESSAGE_REACTION",
		"{\"messageId\":\"" ID(
			"50") "\",\"groupId\":\"" ROOM "\",\"userId\":\"" ME
			      "\",\"reaction\":\":x:\",\"on\":false,\"rev\":4,\"timestamp\":" DATE1
			      "}");
	message = item_object(messages->v[0]);
	assert_int_equal(message->reactions.n, 0);
	tell(s, NS_CHAT, "MESSAGE_DELETED",
		"{\"messageId\":\"" ID("50") "\",\"groupId\":\"" ROOM
					     "\",\"seq\":1,\"rev\":5,\"deletedBy\":\"" BOB
					     "\",\"timestamp\":" DATE1 "}");
	message = item_object(messages->v[0]);
	assert_true(message->deletedAt.set);
	assert_string_equal(message->message, "");
	expect(s, "a message's life",
		"MESSAGE_RECEIVED MESSAGE_EDITED MESSAGE_REACTION MESSAGE_REACTION "
		"MESSAGE_DELETED");
}

static const struct {
	const char *what;
	enum ns ns;
	const char *event, *json;
	enum err err;
} bad[] = {
	{ "an event that nobody knows", NS_CHAT, "NEW_THING", "{}", ERR_UNKNOWN_EVENT },
	{ "one of the other namespace", NS_MUSIC, "MESSAGE_RECEIVED", "{}", ERR_UNKNOWN_EVENT },
	{ "one that only clients send", NS_CHAT, "GET_HISTORY", "{}", ERR_UNKNOWN_EVENT },
	{ "no payload", NS_CHAT, "MESSAGE_RECEIVED", "", ERR_BAD_REQUEST },
	{ "a payload of another shape", NS_MUSIC, "USER_CONNECTED", "{}", ERR_BAD_REQUEST },
	{ "half a payload", NS_MUSIC, "PUBLISH_TRACK", "{\"id\":\"" ID("20") "\"}",
		ERR_BAD_REQUEST },
	{ "text that is cut", NS_MUSIC, "PUBLISH_TRACK", "{\"id\":\"0193", ERR_BAD_REQUEST },
	{ "a snapshot that is none", NS_CHAT, "DATA_RECEIVED",
		"{\"dataType\":\"snapshot\",\"data\":[],\"timestamp\":" DATE1 "}",
		ERR_BAD_REQUEST },
};

static void what_is_malformed_changes_nothing(void **state)
{
	struct seen *s = *state;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		unsigned kept = s->kept;
		enum err e = model_event(s->model, bad[i].ns, str_of(bad[i].event),
			&(struct schema_source){ .json = str_of(bad[i].json) });
		if (e != bad[i].err)
			fail_msg("%s: %s", bad[i].what, err_wire(e));
		assert_int_equal(s->kept, kept);
	}
	assert_true(model_is_synchronised(s->model));
}

static void what_was_kept_is_where_the_next_one_begins(void **state)
{
	static const struct model_record records[] = {
		{ .kind = MODEL_TRACK,
			.key = { "0123456789abcdef", 16 },
			.rev = 5,
			.json = { TRACK_OF("20", "one", "5"),
				sizeof TRACK_OF("20", "one", "5") - 1 } },
		{ .kind = MODEL_ME,
			.json = { USER_OF(ME, "me", ""), sizeof USER_OF(ME, "me", "") - 1 } },
		{ .kind = MODEL_REV, .rev = 5 },
	};
	struct seen s = { 0 };
	(void)state;
	assert_int_equal(model_new(&handler, &s, &s.model), ERR_OK);
	for (size_t i = 0; i < COUNT_OF(records); i++)
		assert_int_equal(model_load(s.model, &records[i]), ERR_OK);
	assert_int_equal(model_load(s.model, &(struct model_record){ .kind = MODEL_TRACK,
						     .json = STR("{\"id\"") }),
		ERR_BAD_REQUEST);
	assert_string_equal(model_me(s.model)->username, "me");
	assert_int_equal(model_shelf(s.model, MODEL_TRACK)->n, 1);
	model_connected(s.model, NS_MUSIC, false);
	answer_own(&s, EVENT_user_connect, "{\"ok\":true,\"users\":[]}");
	assert_string_equal(s.asked.p, "{\"afterRev\":5,\"limit\":500}");
	answer_own(&s, EVENT_list_changes,
		"{\"ok\":true,\"changes\":[" CHANGE_OF("6", "track", ID("21"),
			TRACK_OF("21", "two", "6")) "],\"rev\":6,\"more\":false}");
	expect(&s, "a later start", "NEW_USERS NEW_TRACK NEW_TRACKS");
	model_free(s.model);
	buf_done(&s.events);
	buf_done(&s.asked);
}

/* ---- without memory ---- */

static void raised_somehow(void *context, enum antiphon_event event, const void *payload)
{
	(void)context;
	(void)event;
	assert_non_null(payload);
}

static void asked_somehow(void *context, enum event_id id, struct str json)
{
	(void)context;
	(void)id;
	(void)json;
}

static void kept_somehow(void *context, const struct model_record *r, bool gone)
{
	(void)context;
	(void)r;
	(void)gone;
}

static const struct model_handler careless = { raised_somehow, asked_somehow, kept_somehow };

static const struct {
	enum event_id id;
	const char *request, *answer;
} answers[] = {
	{ EVENT_user_connect, "{}",
		"{\"ok\":true,\"users\":[" USER_OF(ME, "me", "") "," USER_OF(BOB, "bob", "") "]}" },
	{ EVENT_list_changes, "{\"afterRev\":0}",
		"{\"ok\":true,\"changes\":[" CHANGE_OF("5", "track", ID("20"),
			TRACK_OF("20", "one", "5")) "],\"rev\":5,\"more\":false}" },
	{ EVENT_get_history, "{\"groupId\":\"" ROOM "\",\"afterRev\":0}",
		"{\"ok\":true,\"messages\":[" MESSAGE_OF("50", "1", "1", BOB, "a") "," MESSAGE_MORE(
			"51", "2", "7", BOB, "", "null", DATE1, "") "],\"more\":false}" },
};

/* Everything once; what it says does not count, only that it comes back. */
static void live(struct model *m)
{
	enum err e;

	model_connected(m, NS_MUSIC, false);
	e = model_event(m, NS_CHAT, STR("DATA_RECEIVED"),
		&(struct schema_source){ .json = STR(SNAPSHOT_OF(TWO_GROUPS, "\"theme\":\"dark\"",
						 "\"" ROOM "\":0", NOTE_OF("30"))) });
	for (size_t i = 0; i < COUNT_OF(answers); i++)
		e = model_answer(m, &(struct model_answer){ .id = answers[i].id,
					    .request = str_of(answers[i].request),
					    .answer = str_of(answers[i].answer),
					    .own = true });
	for (size_t i = 0; i < COUNT_OF(own); i++)
		e = model_answer(m, &(struct model_answer){ .id = own[i].id,
					    .request = str_of(own[i].request),
					    .answer = str_of(own[i].answer) });
	for (size_t i = 0; i < COUNT_OF(relays); i++)
		e = model_event(m, relays[i].ns, str_of(relays[i].event),
			&(struct schema_source){ .json = str_of(relays[i].json) });
	(void)e;
}

static void each_allocation_may_fail(void **state)
{
	bool failed = true;
	int n = 0;
	(void)state;
	while (failed) {
		struct model *m;
		no_memory_begin(++n);
		if (model_new(&careless, NULL, &m) == ERR_OK) {
			live(m);
			failed = no_memory_end();
			live(m); /* and with memory it goes on */
			model_free(m);
		}
		(void)no_memory_end();
	}
	assert_true(n > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_relay_raises_its_event_once),
		cmocka_unit_test(each_own_change_raises_its_event_once),
		cmocka_unit_test_setup_teardown(
			after_an_absence_only_what_differs_is_raised, begin, end),
		cmocka_unit_test_setup_teardown(
			what_comes_while_the_catalogue_does_is_told_once_and_in_order, begin, end),
		cmocka_unit_test_setup_teardown(a_status_told_by_chat_is_in_the_model, begin, end),
		cmocka_unit_test_setup_teardown(
			more_users_than_come_at_once_are_asked_for_in_pages, begin, end),
		cmocka_unit_test(the_bytes_of_an_inline_download_are_given),
		cmocka_unit_test_setup_teardown(a_group_that_went_on_is_caught_up_with, begin, end),
		cmocka_unit_test_setup_teardown(
			a_change_that_comes_before_what_was_missed_hides_nothing_of_it, begin, end),
		cmocka_unit_test_setup_teardown(
			a_group_of_which_one_is_no_member_any_more_goes, begin, end),
		cmocka_unit_test_setup_teardown(
			a_history_that_is_refused_does_not_hold_up_the_rest, begin, end),
		cmocka_unit_test_setup_teardown(messages_change_where_they_are, begin, end),
		cmocka_unit_test_setup_teardown(what_is_malformed_changes_nothing, begin, end),
		cmocka_unit_test(what_was_kept_is_where_the_next_one_begins),
		cmocka_unit_test(each_allocation_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

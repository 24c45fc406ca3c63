/* SPDX-License-Identifier: MIT
 *
 * test_encode - payloads to text, and back to the same text.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "schema/schema_decode.h"
#include "schema/schema_encode.h"

static const struct uuid id = { { 1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, 16 } };
#define ID "\"01020304-0506-7008-800a-0b0c0d0e0f10\""

static void optional_members_are_left_out_and_nullable_ones_are_null(void **state)
{
	struct comment c = {
		.id = id, .trackId = id, .userId = id, .text = STR("a\"b"), .timestamp = 0
	};
	struct buf out = { 0 };
	struct json_writer w = json_write_into(&out);
	(void)state;
	schema_encode(schema_payload(STR("comment")), &c, &w, NULL);
	assert_true(str_eq(buf_str(&out), STR("{\"id\":" ID ",\"trackId\":" ID ",\"userId\":" ID
					      ",\"text\":\"a\\\"b\",\"positionMs\":null,"
					      "\"timestamp\":\"1970-01-01T00:00:00.000Z\"}")));
	buf_done(&out);
}

static void bytes_become_placeholders(void **state)
{
	struct audio audio = { .mime = STR("audio/mpeg"),
		.size = 3,
		.blake2b = STR("00"),
		.url = STR("/x"),
		.data = { .set = true, .v = STR("abc") } };
	struct schema_attachments attachments = { .n = 0 };
	struct buf out = { 0 };
	struct json_writer w = json_write_into(&out);
	(void)state;
	schema_encode(schema_payload(STR("audio")), &audio, &w, &attachments);
	assert_int_equal(attachments.n, 1);
	assert_true(str_eq(attachments.v[0], STR("abc")));
	assert_non_null(strstr(out.p, "\"data\":{\"_placeholder\":true,\"num\":0}"));
	buf_clear(&out);
	w = json_write_into(&out);
	schema_encode(schema_payload(STR("audio")), &audio, &w, NULL);
	assert_null(memchr(out.p, '_', out.n));
	buf_done(&out);
}

static void what_was_written_reads_back_to_the_same_text(void **state)
{
	struct uuid ids[2] = { id, id };
	struct str tags[2] = { STR("jazz"), STR("caf\xc3\xa9") };
	struct track tracks[1] = { { .id = id,
		.userId = id,
		.title = STR("T"),
		.tags = { tags, 2 },
		.audio = { .mime = STR("audio/ogg"),
			.blake2b = STR(
				"0000000000000000000000000000000000000000000000000000000000000000"),
			.url = STR("/a") },
		.rating = { 3.25, 4 },
		.year = { .set = true, .v = 1999 },
		.rev = { .set = true, .v = 7 } } };
	struct reaction reactions[1] = { { STR(":ok:"), { ids, 2 } } };
	struct message m = { .messageId = id,
		.groupId = id,
		.seq = 1,
		.rev = 2,
		.userId = id,
		.message = STR("hi\n"),
		.timestamp = 1732266060123,
		.tracks = { tracks, 1 },
		.reactions = { reactions, 1 },
		.editedAt = { .set = true, .v = 5 } };
	const struct payload *p = schema_payload(STR("message"));
	struct buf first = { 0 }, second = { 0 };
	struct json_writer w = json_write_into(&first);
	struct arena a = { 0 };
	struct message back = { 0 };
	struct str sentence = { NULL, 0 };
	(void)state;
	schema_encode(p, &m, &w, NULL);
	assert_int_equal(schema_decode(p, &(struct schema_source){ buf_str(&first), NULL, 0 }, &a,
				 &back, &sentence),
		ERR_OK);
	w = json_write_into(&second);
	schema_encode(p, &back, &w, NULL);
	assert_true(str_eq(buf_str(&first), buf_str(&second)));
	assert_true(back.tracks.v[0].rating.average == 3.25);
	buf_done(&first);
	buf_done(&second);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(optional_members_are_left_out_and_nullable_ones_are_null),
		cmocka_unit_test(bytes_become_placeholders),
		cmocka_unit_test(what_was_written_reads_back_to_the_same_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

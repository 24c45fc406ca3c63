/* SPDX-License-Identifier: MIT
 *
 * test_msgpack - packets as socket.io-msgpack-parser writes them.
 *
 * Layer: tests.  Threads: one.
 */
#include "../cmocka_all.h"

#include "base/table.h"
#include "sio/msgpack/sio_msgpack.h"
#include "ws/ws.h"

#define BYTES(literal)                                                                             \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

static const struct {
	const char *what;
	struct str bytes;
	enum sio_packet_type type;
	const char *json; /* payload or arguments; NULL: refused */
	const char *name;
	int64_t id;
} packets[] = {
	{ "a CONNECT without data",
		BYTES("\x83\xa4type\x00\xa4"
		      "data\xd4\x00\x00\xa3nsp\xa1/"),
		SIO_PACKET_CONNECT, "", NULL, -1 },
	{ "a CONNECT with data",
		BYTES("\x83\xa4type\x00\xa4"
		      "data\x81\xa1"
		      "a\x01\xa3nsp\xa1/"),
		SIO_PACKET_CONNECT, "{\"a\":1}", NULL, -1 },
	{ "an event",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\x92\xa1"
		      "e\xc3\xa3nsp\xa1/"),
		SIO_PACKET_EVENT, "true", "e", -1 },
	{ "an event with id",
		BYTES("\x84\xa4type\x02\xa4"
		      "data\x91\xa1"
		      "e\xa3nsp\xa1/\xa2id\xcd\x01\x00"),
		SIO_PACKET_EVENT, "", "e", 256 },
	{ "all kinds",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\x9c\xa1"
		      "e\xc0\xc2\xff\xd1\xff\x00\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00\xca\x3f\x00"
		      "\x00\x00\xd9\x01s\xd4\x00\x00\xd7\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc4"
		      "\x02xy\x81\xa1k\x90\xa3nsp\xa1/"),
		SIO_PACKET_EVENT,
		"null,false,-1,-256,0.5,0.5,\"s\",null,\"1970-01-01T00:00:00.000Z\",{\"_"
		"placeholder\":true,\"num\":0},{\"k\":[]}",
		"e", -1 },
	{ "options are ignored",
		BYTES("\x84\xa4type\x02\xa4"
		      "data\x91\xa1"
		      "e\xa7options\x81\xa8"
		      "compress\xc3\xa3nsp\xa1/"),
		SIO_PACKET_EVENT, "", "e", -1 },
	{ "an acknowledgement",
		BYTES("\x84\xa4type\x03\xa4"
		      "data\x92\x01\x02\xa3nsp\xa1/\xa2id\x00"),
		SIO_PACKET_ACK, "1,2", NULL, 0 },
	{ "a DISCONNECT", BYTES("\x82\xa4type\x01\xa3nsp\xa2/a"), SIO_PACKET_DISCONNECT, "", NULL,
		-1 },
	{ "no map", BYTES("\x90"), 0, NULL, NULL, -1 },
	{ "nothing", BYTES(""), 0, NULL, NULL, -1 },
	{ "no type", BYTES("\x81\xa3nsp\xa1/"), 0, NULL, NULL, -1 },
	{ "no namespace", BYTES("\x81\xa4type\x01"), 0, NULL, NULL, -1 },
	{ "an unknown type", BYTES("\x82\xa4type\x07\xa3nsp\xa1/"), 0, NULL, NULL, -1 },
	{ "a CONNECT_ERROR",
		BYTES("\x83\xa4type\x04\xa4"
		      "data\x80\xa3nsp\xa1/"),
		0, NULL, NULL, -1 },
	{ "a CONNECT with null",
		BYTES("\x83\xa4type\x00\xa4"
		      "data\xc0\xa3nsp\xa1/"),
		0, NULL, NULL, -1 },
	{ "a DISCONNECT with data",
		BYTES("\x83\xa4type\x01\xa4"
		      "data\x80\xa3nsp\xa1/"),
		0, NULL, NULL, -1 },
	{ "an event without name",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\x90\xa3nsp\xa1/"),
		0, NULL, NULL, -1 },
	{ "an event that is no list",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\x80\xa3nsp\xa1/"),
		0, NULL, NULL, -1 },
	{ "a reserved name",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\x91\xa7"
		      "connect\xa3nsp\xa1/"),
		0, NULL, NULL, -1 },
	{ "a list longer than what follows",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\xdd\xff\xff\xff\xff\xa1"
		      "e"),
		0, NULL, NULL, -1 },
	{ "a string that is cut",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\x91\xdb\xff\xff\xff\xff"
		      "e"),
		0, NULL, NULL, -1 },
	{ "no UTF-8",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\x92\xa1"
		      "e\xa1\xff\xa3nsp\xa1/"),
		0, NULL, NULL, -1 },
	{ "something behind it", BYTES("\x82\xa4type\x01\xa3nsp\xa1/\x00"), 0, NULL, NULL, -1 },
	{ "the byte that is never used",
		BYTES("\x83\xa4type\x02\xa4"
		      "data\x92\xa1"
		      "e\xc1\xa3nsp\xa1/"),
		0, NULL, NULL, -1 },
};

static void packets_are_taken_apart(void **state)
{
	struct arena a = { 0 };
	struct sio_msgpack_packet m;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(packets); i++) {
		enum err e = sio_msgpack_parse(packets[i].bytes, &a, &m);
		if (!packets[i].json) {
			if (e != ERR_BAD_REQUEST)
				fail_msg("%s: %d", packets[i].what, (int)e);
			continue;
		}
		bool list =
			packets[i].type == SIO_PACKET_EVENT || packets[i].type == SIO_PACKET_ACK;
		struct str json = list ? m.packet.args : m.packet.payload;
		if (e || m.packet.type != packets[i].type ||
			!str_eq(json, str_of(packets[i].json)) ||
			m.packet.has_id != (packets[i].id >= 0) ||
			(packets[i].name && !str_eq(m.packet.name, str_of(packets[i].name))))
			fail_msg("%s: %d " STR_FMT, packets[i].what, (int)e, STR_ARG(json));
	}
	arena_done(&a);
}

static void what_nests_too_deep_is_refused(void **state)
{
	struct arena a = { 0 };
	struct sio_msgpack_packet m;
	char bytes[256] = "\x83\xa4type\x02\xa4"
			  "data\x92\xa1"
			  "e";
	size_t n = 16;

	(void)state;
	memset(bytes + n, 0x91, 200);
	assert_int_equal(
		sio_msgpack_parse((struct str){ bytes, n + 200 }, &a, &m), ERR_BAD_REQUEST);
	arena_done(&a);
}

static const char *const values[] = { "null", "[1,-1,127,128,-32,-33,2147483648,-9007199254740991]",
	"{\"a\":{\"b\":[]},\"c\":\"\xe2\x82\xac\"}", "[0.5,1e+300,-0.25]", "\"\"",
	"[[],{},true,false]", "\"a\\u0000b\"", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]" };

static void values_survive_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct frame_pool *pool;
		struct frame *f;
		struct arena a = { 0 };
		struct str rest, payload;
		enum ws_opcode opcode;
		struct sio_msgpack_packet m;
		struct sio_packet_source from = { .type = SIO_PACKET_EVENT,
			.namespace = STR("/n"),
			.name = STR("e"),
			.payload = str_of(values[i]) };
		assert_int_equal(frame_pool_new(&pool), ERR_OK);
		assert_int_equal(sio_msgpack_frame(pool, &from, &f), ERR_OK);
		rest = frame_str(f);
		assert_true(ws_next_written(&rest, &opcode, &payload));
		assert_int_equal(opcode, WS_BINARY);
		assert_int_equal(sio_msgpack_parse(payload, &a, &m), ERR_OK);
		if (!str_eq(m.packet.args, str_of(values[i])))
			fail_msg("%s: " STR_FMT, values[i], STR_ARG(m.packet.args));
		frame_unref(f);
		frame_pool_free(pool);
		arena_done(&a);
	}
}

static void placeholders_become_bytes(void **state)
{
	struct str bytes = STR("xy");
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(sio_msgpack_write(&b,
				 STR("[{\"_placeholder\":true,\"num\":0},{\"num\":0}]"), &bytes, 1),
		ERR_OK);
	assert_int_equal(b.n, 11);
	assert_memory_equal(b.p, "\x92\xc4\x02xy\x81\xa3num\x00", 11);
	buf_done(&b);
}

static const char *const unspeakable[] = { "\"\\ud800\"", "[\"\\udc00\\ud800\"]", "{\"\\ud800\":1}",
	"{\"\\u0000\":1}" };

static void what_has_no_utf8_is_not_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unspeakable); i++) {
		struct buf b = { 0 };
		assert_int_equal(
			sio_msgpack_write(&b, str_of(unspeakable[i]), NULL, 0), ERR_BAD_REQUEST);
		buf_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_taken_apart),
		cmocka_unit_test(what_nests_too_deep_is_refused),
		cmocka_unit_test(values_survive_both_ways),
		cmocka_unit_test(placeholders_become_bytes),
		cmocka_unit_test(what_has_no_utf8_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

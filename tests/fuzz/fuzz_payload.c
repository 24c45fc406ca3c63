/* SPDX-License-Identifier: MIT
 *
 * fuzz_payload - bodies of long polling, in all forms: the first byte chooses one. What was taken apart, laid together
 * and taken apart again is the same; a script carries any text unharmed past its quotes.
 *
 * Layer: tests.  Threads: one.
 */
#include "base/text.h"
#include "eio/payload.h"
#include "fuzz.h"

/* Each packet behind its kind and length. */
static bool read_all(enum payload_form form, struct str body, struct buf *out, struct buf *again)
{
	struct payload_packet p;
	bool more = true;
	char *copy = malloc(body.n + 1);

	MUST(copy);
	if (body.n)
		memcpy(copy, body.p, body.n);
	struct payload_reader r = payload_read(form, copy, body.n);
	enum err e;
	while (!(e = payload_next(&r, &more, &p)) && more) {
		struct str bytes = { p.p, p.n };
		bool message = p.binary && p.n && p.p[0] == 4;
		buf_printf(out, "%d %zu ", p.binary, p.n);
		buf_append(out, bytes);
		MUST(form == PAYLOAD_3_OCTETS || !p.binary);
		if (again && message)
			payload_put_binary(again, form, str_after(bytes, 1));
		else if (again && !p.binary)
			payload_put_text(again, form, bytes);
		else if (again)
			e = ERR_BAD_REQUEST; /* bytes of another type, which we never send */
		if (e)
			break;
	}
	free(copy);
	return !e;
}

static void taken_and_made(enum payload_form form, struct str body)
{
	struct buf once = { 0 }, made = { 0 }, twice = { 0 };

	/* A first packet that is empty leaves no trace in revision 4's form. */
	bool empty = form == PAYLOAD_4 && (body.n == 0 || body.p[0] == 0x1e);
	if (!empty && read_all(form, body, &once, &made)) {
		MUST(read_all(form, buf_str(&made), &twice, NULL));
		MUST(str_eq(buf_str(&once), buf_str(&twice)));
	}
	buf_done(&once);
	buf_done(&made);
	buf_done(&twice);
}

/* Between the quotes of ___eio[…]("…"); there is no bare quote, control character or line separator. */
static void quoted(struct str text)
{
	struct buf b = { 0 };

	payload_jsonp(&b, STR("0"), text);
	MUST(b.n >= 14 && str_starts(buf_str(&b), STR("___eio[0](\"")));
	for (size_t i = 11; i < b.n - 3; i++) {
		MUST((unsigned char)b.p[i] >= 0x20 && b.p[i] != '"');
		MUST(!str_starts(str_after(buf_str(&b), i), STR("\xe2\x80\xa8")));
		if (b.p[i] == '\\')
			i++;
	}
	buf_done(&b);
}

static void form_data(struct str form)
{
	struct buf b = { 0 };

	if (payload_from_form(form, &b) == ERR_OK)
		MUST(b.n <= form.n);
	buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct str body = { (const char *)data + 1, size - 1 };
	unsigned form = data[0] % 4;

	if (form == 3)
		form_data(body);
	else if (form == PAYLOAD_3_OCTETS || text_is_utf8(body))
		taken_and_made((enum payload_form)form, body);
	if (text_is_utf8(body))
		quoted(body);
	return 0;
}

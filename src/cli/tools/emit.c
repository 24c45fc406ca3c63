/* SPDX-License-Identifier: MIT
 *
 * emit - antiphon emit: any event of the tables, its payload from key=value words.
 *
 * Layer: cli.  Threads: one.
 */
#include <ctype.h>
#include <sysexits.h>

#include "cli/payload_words.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"

/* The row of an event from a client by its wire name, which is in one namespace alone. */
static const struct event *find_event(const char *name)
{
	char upper[64];
	size_t n = 0;

	for (; name[n] && n < sizeof upper; n++)
		upper[n] = (char)toupper((unsigned char)name[n]);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		const struct event *e = schema_find((enum ns)ns, (struct str){ upper, n });
		if (e)
			return e;
	}
	return NULL;
}

int emit_run(struct cli *c)
{
	const struct event *e = find_event(cli_argument(c, 0));
	struct payload_words payload;
	struct str answer;

	if (!e)
		return cli_fail(c, EX_USAGE,
			"There is no event `%s` that a client sends; see docs/reference/events.md.",
			cli_argument(c, 0));
	int code = payload_words_read(c, e->payload, 1, &payload);
	if (!code)
		code = session_connect(c);
	const struct antiphon_any any = { schema_namespace(e->ns), e->name, payload.json.p,
		payload.bytes, payload.byte_count };
	if (!code)
		code = session_ask_any(c, &any, &answer);
	if (code)
		return code;
	if (!session_print_json(c, answer)) {
		print_text(c, answer);
		fputc('\n', c->out);
	}
	return EX_OK;
}

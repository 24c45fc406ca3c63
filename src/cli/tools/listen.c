/* SPDX-License-Identifier: MIT
 *
 * listen - antiphon listen: every event as it comes, one JSON object a line.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/run.h"
#include "cli/session.h"

static bool is_wanted(const struct cli *c, const char *event)
{
	for (size_t i = 0; i < c->argument_count; i++) {
		if (strcasecmp(cli_argument(c, i), event) == 0)
			return true;
	}
	return c->argument_count == 0;
}

static int check_names(struct cli *c)
{
	for (size_t i = 0; i < c->argument_count; i++) {
		bool known = false;
		for (int e = 0; e < ANTIPHON_EVENT_COUNT; e++)
			known |= strcasecmp(cli_argument(c, i),
					 antiphon_event_name((enum antiphon_event)e)) == 0;
		if (!known)
			return cli_fail(c, EX_USAGE, "There is no event `%s` to listen for.",
				cli_argument(c, i));
	}
	return EX_OK;
}

static int print_event(struct cli *c, const struct antiphon_occurrence *o)
{
	char *json = antiphon_event_json(o->event, o->payload);

	if (!json)
		return cli_no_memory(c);
	fprintf(c->out, "{\"event\":\"%s\",\"data\":%s}\n", antiphon_event_name(o->event), json);
	antiphon_text_free(json);
	return fflush(c->out) ? cli_fail(c, EX_IOERR, "The output could not be written.") : EX_OK;
}

int listen_run(struct cli *c)
{
	struct antiphon_occurrence o;
	int64_t count = INT64_MAX;
	int code = check_names(c);

	if (!code)
		code = cli_number(c, "count", 1, INT64_MAX, &count);
	if (!code)
		code = session_connect(c);
	while (!code && count > 0 && antiphon_next(c->client, -1, &o)) {
		if (!is_wanted(c, antiphon_event_name(o.event)))
			continue;
		code = print_event(c, &o);
		count--;
	}
	return code;
}

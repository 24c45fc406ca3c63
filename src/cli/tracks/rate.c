/* SPDX-License-Identifier: MIT
 *
 * rate - antiphon rate: stars for a track.
 *
 * Layer: cli.  Threads: one.
 */
#include <inttypes.h>
#include <sysexits.h>

#include "cli/look.h"
#include "cli/names.h"
#include "cli/run.h"
#include "cli/session.h"

int rate_run(struct cli *c)
{
	struct session_json j;
	struct str answer;
	const char *id, *stars = cli_argument(c, 1);

	if (strlen(stars) != 1 || *stars < '1' || *stars > '5')
		return cli_fail(c, EX_USAGE, "`%s` is no number of stars; they are 1 to 5.", stars);
	int code = session_connect(c);
	if (!code)
		code = names_track(c, cli_argument(c, 0), &id);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "trackId", id);
	json_write_key(&j.w, STR("value"));
	json_write_int(&j.w, *stars - '0');
	code = session_ask(c, "/music", "PUBLISH_RATING", &j, &answer);
	if (!code && !session_print_json(c, answer))
		fprintf(c->out, "%.1f of %" PRId64 "\n", look_double(answer, "average", &c->arena),
			look_int(answer, "count", &c->arena));
	return code;
}

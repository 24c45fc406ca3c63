/* SPDX-License-Identifier: MIT
 *
 * settings - antiphon settings: one's settings, shown, stored and deleted.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/look.h"
#include "cli/print.h"
#include "cli/run.h"
#include "cli/session.h"

static int store(struct cli *c, const char *name, const char *value)
{
	struct session_json j;
	struct str answer;

	session_begin(&j);
	session_text(&j, "settingName", name);
	json_write_key(&j.w, STR("newValue"));
	if (look_is_json(str_of(value)))
		json_write_raw(&j.w, str_of(value));
	else
		json_write_string(&j.w, str_of(value));
	int code = session_ask(c, "/chat", "USER_SETTINGS_UPDATED", &j, &answer);
	if (!code)
		(void)session_print_json(c, answer);
	return code;
}

int settings_run(struct cli *c)
{
	struct session_json j;
	struct str answer, name, value;
	const char *one = cli_argument(c, 0);
	bool any = false;
	int code = session_connect(c);

	if (code)
		return code;
	if (cli_argument(c, 1))
		return store(c, one, cli_argument(c, 1));
	session_begin(&j);
	code = session_ask(c, "/chat", "GET_SNAPSHOT", &j, &answer);
	if (code)
		return code;
	struct str settings = look_raw(answer, "data.settings", &c->arena);
	if (c->json && !one) {
		fprintf(c->out, STR_FMT "\n", STR_ARG(settings));
		return EX_OK;
	}
	struct look_walk walk = look_object(settings);
	struct print_table t = print_table_of(c, 2);
	while (look_next_member(&walk, &c->arena, &name, &value)) {
		if (one && !str_eq(name, str_of(one)))
			continue;
		any = true;
		const struct str cells[] = { name, value };
		if (one)
			fprintf(c->out, STR_FMT "\n", STR_ARG(print_harmless(c, value, false)));
		else
			print_table_add(&t, cells);
	}
	if (one && !any)
		return cli_fail(c, EX_DATAERR, "There is no setting `%s`.", one);
	return print_table_end(&t);
}

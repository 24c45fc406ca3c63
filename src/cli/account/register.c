/* SPDX-License-Identifier: MIT
 *
 * register - antiphon register: an account is made, and signed in to.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/account/sign.h"
#include "cli/run.h"
#include "cli/secret.h"

int register_run(struct cli *c)
{
	struct str password;
	struct session_json j;
	int code = session_open(c, NULL);

	if (!code)
		code = secret_read_new(c, "Password: ", &password);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "username", cli_argument(c, 0));
	json_write_key(&j.w, STR("password"));
	json_write_string(&j.w, password);
	session_text(&j, "displayName", cli_option(c, "name"));
	session_text(&j, "invite", cli_option(c, "invite"));
	return sign_call(c, "/api/v1/accounts", &j);
}

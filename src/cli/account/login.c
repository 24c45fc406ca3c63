/* SPDX-License-Identifier: MIT
 *
 * login - antiphon login: a session begins, and its token is kept.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/account/sign.h"
#include "cli/run.h"
#include "cli/secret.h"

int login_run(struct cli *c)
{
	struct str password;
	struct session_json j;
	int code = session_open(c, NULL);

	if (!code)
		code = secret_read(c, "Password: ", &password);
	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "username", cli_argument(c, 0));
	json_write_key(&j.w, STR("password"));
	json_write_string(&j.w, password);
	return sign_call(c, "/api/v1/sessions", &j);
}

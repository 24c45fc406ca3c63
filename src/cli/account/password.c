/* SPDX-License-Identifier: MIT
 *
 * password - antiphon password: a new password; all other sessions end.
 *
 * Layer: cli.  Threads: one.
 */
#include <sysexits.h>

#include "cli/run.h"
#include "cli/secret.h"
#include "cli/session.h"

int password_run(struct cli *c)
{
	struct str current, new;
	struct session_json j;
	int code = session_open_signed_in(c);

	if (!code)
		code = secret_read(c, "Password until now: ", &current);
	if (!code)
		code = secret_read_new(c, "New password: ", &new);
	if (code)
		return code;
	session_begin(&j);
	json_write_key(&j.w, STR("current"));
	json_write_string(&j.w, current);
	json_write_key(&j.w, STR("new"));
	json_write_string(&j.w, new);
	json_write_end_object(&j.w);
	code = session_http(c, "POST", "/api/v1/password", buf_str(&j.b), NULL);
	explicit_bzero(j.b.p, j.b.n);
	buf_done(&j.b);
	if (!code)
		fputs(c->json ? "{}\n"
			      : "The password is changed; all other sessions have ended.\n",
			c->out);
	return code;
}

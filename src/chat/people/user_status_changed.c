/* SPDX-License-Identifier: MIT
 *
 * user_status_changed - USER_STATUS_CHANGED: what others see of a user; presence tells them.
 *
 * Becoming invisible, or a change while one is, is no change of /music: a rev would tell others what nobody announces.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "accounts/change_log.h"
#include "accounts/presence.h"
#include "accounts/user_row.h"
#include "dispatch/verb.h"
#include "store/tx.h"

struct user_status_changed_out {
	struct user user;
};

static const struct query change = {
	"UPDATE user SET status = ?2, status_text = coalesce(?3, status_text) WHERE id = ?1"
};

enum err user_status_changed_apply(struct tx *tx, const struct ask *ask,
	const struct user_status_changed *in, struct arena *a, struct user_status_changed_out **out)
{
	struct user_status_changed_out *made = ARENA_NEW(a, struct user_status_changed_out);
	bool has_text = in->statusText.set && !in->statusText.null;

	if (!made)
		return ERR_NOMEM;
	enum err e = tx_run(tx, &change,
		VALUES(of_uuid(ask->user_id), of_int(in->newStatus),
			of_str_if(has_text, in->statusText.v)));
	if (!e)
		e = user_row_load(tx, ask->user_id, a, &made->user);
	made->user.rev.set = in->newStatus != STATUS_OFFLINE;
	if (!e && made->user.rev.set)
		e = change_log_add(tx, CHANGE_KIND_USER, ask->user_id, NULL, &made->user.rev.v);
	*out = made;
	return e;
}

void user_status_changed_announce(struct hub *hub, const struct ask *ask,
	const struct user_status_changed *in, const struct user_status_changed_out *out)
{
	(void)in;
	hub_answer(hub, ask, NULL);
	presence_status(hub_presence(hub), &out->user, ask->now_ms, ask_except(ask));
}

/* SPDX-License-Identifier: MIT
 *
 * presence_recovery - see presence_recovery.h.
 *
 * Layer: accounts.  Threads: as said there.
 */
#include "accounts/presence/presence_recovery.h"

#include "accounts/membership.h"
#include "accounts/user_row.h"
#include "dispatch/seat.h"

enum err presence_recovery_load(struct tx *tx, const struct ask *ask, const struct session *session,
	struct arena *a, struct presence_recovery *out)
{
	out->holds = ask->recovers && uuid_eq(session->who.session_id, ask->session_id);
	if (!out->holds)
		return ERR_OK;
	enum err e = user_row_load(tx, ask->user_id, a, &out->user);
	return e ? e : membership_list(tx, ask->user_id, a, &out->groups);
}

void presence_recovery_announce(struct hub *hub, const struct ask *ask, const struct identity *who,
	const struct presence_recovery *r)
{
	struct seat *seat = hub_recover(hub, ask, who);

	if (!seat || (seat->ns == NS_MUSIC && !seat->entered))
		return;
	if (presence_enter(hub_presence(hub), seat, &r->user, &r->groups))
		return; /* without memory the user is counted all the same, and not announced */
}

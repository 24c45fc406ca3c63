/* SPDX-License-Identifier: MIT
 *
 * user_settings_updated - USER_SETTINGS_UPDATED: a setting is stored, or with null deleted.
 *
 * Layer: chat.  Threads: apply the writer, announce the loop.
 */
#include "dispatch/verb.h"
#include "store/tx.h"

struct user_settings_updated_out {
	char none;
};

static const struct query change = {
	"UPDATE setting SET value = ?3 WHERE user_id = ?1 AND name = ?2"
};
static const struct query add = {
	"INSERT INTO setting (user_id, name, value) VALUES (?1, ?2, ?3)"
};
static const struct query drop = { "DELETE FROM setting WHERE user_id = ?1 AND name = ?2" };
static const struct query count = { "SELECT count(*) FROM setting WHERE user_id = ?1" };

static enum err store(struct tx *tx, const struct ask *ask, const struct user_settings_updated *in)
{
	struct row *r;
	enum err e = tx_run(tx, &change,
		VALUES(of_uuid(ask->user_id), of_str(in->settingName), of_str(in->newValue)));

	if (e || tx_changes(tx) > 0)
		return e;
	e = tx_one(tx, &count, VALUES(of_uuid(ask->user_id)), &r);
	if (!e && row_int(r, 0) >= ask->limits->settings_per_user)
		return tx_refuse(tx, ERR_TOO_LARGE, "You have as many settings as one may have.");
	if (e)
		return e;
	return tx_run(tx, &add,
		VALUES(of_uuid(ask->user_id), of_str(in->settingName), of_str(in->newValue)));
}

enum err user_settings_updated_apply(struct tx *tx, const struct ask *ask,
	const struct user_settings_updated *in, struct arena *a,
	struct user_settings_updated_out **out)
{
	*out = ARENA_NEW(a, struct user_settings_updated_out);
	if (!*out)
		return ERR_NOMEM;
	if (str_eq(in->newValue, STR("null")))
		return tx_run(tx, &drop, VALUES(of_uuid(ask->user_id), of_str(in->settingName)));
	return store(tx, ask, in);
}

void user_settings_updated_announce(struct hub *hub, const struct ask *ask,
	const struct user_settings_updated *in, const struct user_settings_updated_out *out)
{
	const struct setting event = { .userId = ask->user_id,
		.settingName = in->settingName,
		.newValue = in->newValue,
		.timestamp = ask->now_ms };

	(void)out;
	hub_answer(hub, ask, NULL);
	hub_emit_user(hub, EVENT_chat_user_settings_updated, &event, ask->user_id, ask_except(ask));
}

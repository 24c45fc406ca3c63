/* SPDX-License-Identifier: MIT
 *
 * user_update - USER_UPDATE: one's own profile.
 *
 * Layer: music.  Threads: as in dispatch/verb.h.
 */
#include "accounts/change_log.h"
#include "accounts/presence.h"
#include "accounts/user_row.h"
#include "dispatch/verb.h"
#include "files/upload.h"
#include "store/blob.h"
#include "store/tx.h"

static const struct query set_name = { "UPDATE user SET display_name = ?2 WHERE pk = ?1" };
static const struct query get_names = {
	"SELECT pk, username, display_name FROM user WHERE id = ?1"
};
static const struct query set_bio = { "UPDATE user SET bio = ?2 WHERE id = ?1" };
static const struct query get_avatar = { "SELECT avatar FROM user WHERE id = ?1" };
static const struct query set_avatar = {
	"UPDATE user SET avatar = ?2, avatar_mime = ?3 WHERE id = ?1"
};

struct user_update_out {
	struct user user;
};

static enum err write_name(struct tx *tx, const struct ask *ask, struct str name, struct arena *a)
{
	struct user_names before, now;
	struct row *r;
	enum err e = tx_one(tx, &get_names, VALUES(of_uuid(ask->user_id)), &r);

	if (e)
		return e;
	int64_t pk = row_int(r, 0);
	if (row_str(r, 1, a, &before.username) || row_str(r, 2, a, &before.display_name))
		return ERR_NOMEM;
	now = (struct user_names){ before.username, name };
	e = tx_run(tx, &set_name, VALUES(of_int(pk), of_str(name)));
	return e ? e : user_row_index(tx, pk, &before, &now);
}

static enum err write_avatar(
	struct tx *tx, const struct ask *ask, const struct user_update *in, struct arena *a)
{
	struct upload upload;
	struct digest before;
	struct row *r;
	enum err e = tx_one(tx, &get_avatar, VALUES(of_uuid(ask->user_id)), &r);

	if (e)
		return e;
	bool had = row_digest(r, 0, &before);
	if (in->avatarUploadId.null) {
		e = tx_run(tx, &set_avatar, VALUES(of_uuid(ask->user_id), of_null(), of_null()));
	} else {
		e = upload_take(tx, ask,
			&(struct upload_wish){ in->avatarUploadId.v, UPLOAD_PURPOSE_AVATAR }, a,
			&upload);
		if (!e)
			e = tx_run(tx, &set_avatar,
				VALUES(of_uuid(ask->user_id), of_digest(&upload.blob.digest),
					of_str(upload.mime)));
	}
	return e || !had ? e : blob_unref(tx, &before);
}

enum err user_update_apply(struct tx *tx, const struct ask *ask, const struct user_update *in,
	struct arena *a, struct user_update_out **out)
{
	struct user_update_out *o = ARENA_NEW(a, struct user_update_out);
	enum err e = o ? ERR_OK : ERR_NOMEM;

	if (!e && in->displayName.set && !in->displayName.null)
		e = write_name(tx, ask, in->displayName.v, a);
	if (!e && in->bio.set && !in->bio.null)
		e = tx_run(tx, &set_bio, VALUES(of_uuid(ask->user_id), of_str(in->bio.v)));
	if (!e && in->avatarUploadId.set)
		e = write_avatar(tx, ask, in, a);
	if (!e)
		e = user_row_load(tx, ask->user_id, a, &o->user);
	if (!e)
		e = change_log_add(tx, CHANGE_KIND_USER, ask->user_id, NULL, &o->user.rev.v);
	if (e)
		return e;
	o->user.rev.set = true;
	*out = o;
	return ERR_OK;
}

void user_update_announce(struct hub *hub, const struct ask *ask, const struct user_update *in,
	const struct user_update_out *out)
{
	const struct user_answer answer = { out->user };
	struct presence *presence = hub_presence(hub);
	struct user shown = out->user;

	(void)in;
	presence_profile(presence, &out->user);
	presence_show_one(presence, &shown);
	hub_answer(hub, ask, &answer);
	hub_emit_all(hub, EVENT_music_user_update, &shown, ask_except(ask));
}

/* SPDX-License-Identifier: MIT
 *
 * user_disconnect - USER_DISCONNECT: the socket leaves for good.
 *
 * Layer: music.  Threads: the loop's.
 */
#include "dispatch/seat.h"
#include "dispatch/verb.h"

enum err user_disconnect_announce(
	struct hub *hub, const struct ask *ask, const struct empty *in, const char **sentence)
{
	struct seat *seat = hub_seat(hub, ask->socket);

	(void)in;
	(void)sentence;
	if (!seat)
		return ERR_OK;
	seat->said_goodbye = true;
	hub_answer(hub, ask, NULL);
	hub_disconnect(hub, ask->socket);
	return ERR_OK;
}

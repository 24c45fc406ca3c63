/* SPDX-License-Identifier: MIT
 *
 * notify_system - see notify_system.h.
 *
 * Layer: app.  Threads: any.
 */
#include "app/notify_system.h"

#ifdef HAVE_LIBSYSTEMD
#include <systemd/sd-daemon.h>

void notify_system(const char *state)
{
	(void)sd_notify(0, state);
}
#else
void notify_system(const char *state)
{
	(void)state;
}
#endif

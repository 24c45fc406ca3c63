/* SPDX-License-Identifier: MIT
 *
 * notify_system - tells systemd how it stands, where the program was built with libsystemd and runs under it.
 *
 * Layer: app.  Threads: any.
 */
#ifndef APP_NOTIFY_SYSTEM_H
#define APP_NOTIFY_SYSTEM_H

/* state: as sd_notify(3) takes it, as "READY=1". */
void notify_system(const char *state);

#endif

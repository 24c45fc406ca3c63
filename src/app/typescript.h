/* SPDX-License-Identifier: MIT
 *
 * typescript - everything on the wire as TypeScript, for the web application: the words, an interface a
 * payload, what each namespace takes, answers and sends, and the HTTP routes. Part of reference alone.
 *
 * Layer: app.  Threads: one.
 */
#ifndef APP_TYPESCRIPT_H
#define APP_TYPESCRIPT_H

/* Prints web/src/lib/protocol.ts to standard output. */
void typescript_print(void);

#endif

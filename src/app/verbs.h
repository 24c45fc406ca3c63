/* SPDX-License-Identifier: MIT
 *
 * verbs - the table of all verbs, by the rows of events.def.
 *
 * Layer: app.  Threads: constant.
 */
#ifndef APP_VERBS_H
#define APP_VERBS_H

#include "dispatch/verb.h"

/* EVENT_COUNT rows; a row from the server has no functions. */
extern const struct verb verbs_table[];

#endif

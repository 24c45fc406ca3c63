/* SPDX-License-Identifier: MIT
 *
 * names - users, groups and tracks by what people call them: an id, or a name that means one of them alone.
 *
 * Names are compared folded, as the server does. EX_DATAERR, told, when none or several are meant.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include "cli/cli.h"

/* A username, perhaps behind an @, a display name, or an id. *id is in the arena. */
int names_user(struct cli *c, const char *text, const char **id);

/* The name of a group, its id, or @username: the direct conversation with that user, which is made when there is none. */
int names_group(struct cli *c, const char *text, const char **id);

/* The title of a track, or its id. */
int names_track(struct cli *c, const char *text, const char **id);

/* What to call a user: the username; the id when they are not known. Asks the server once for each. In the arena. */
struct str names_of_user(struct cli *c, struct str id);

#endif

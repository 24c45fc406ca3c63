/* SPDX-License-Identifier: MIT
 *
 * admin_link - the one-time link whose account becomes admin: printed at each start while there is no admin, and by
 * `antiphond --admin-link`.
 *
 * Layer: app.  Threads: one.
 */
#ifndef APP_ADMIN_LINK_H
#define APP_ADMIN_LINK_H

#include "app/config.h"
#include "base/rng.h"
#include "store/store.h"

/*
 * At a start, when the server listens: while no account is an admin, makes a new code and prints its link, which begins with
 * url. Links printed earlier are worth nothing then. As store_run_now.
 */
NODISCARD enum err admin_link_offer(struct store *store, const struct rng *rng, const char *url);

/*
 * Makes a new code in the data folder of config and prints its link, whether there is an admin or not, and whether a server
 * runs on the folder or not. As amend_run.
 */
NODISCARD enum err admin_link_renew(const struct config *config, struct buf *sentence);

#endif

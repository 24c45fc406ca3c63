/* SPDX-License-Identifier: MIT
 *
 * app - the running server: everything made, bound together, run, and let go in the right order.
 *
 * Layer: app.  Threads: the loop's.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/config.h"
#include "app/web/web_files.h"

/*
 * Runs until SIGTERM or SIGINT, then drains. What is wrong is told on standard error, once. The result is
 * for the exit code: ERR_OK, ERR_CONFLICT (another process has the data folder or the address), ERR_UNAVAILABLE
 * (the system does not let us), ERR_BAD_REQUEST (an address that is none), ERR_NOMEM.
 * web: what is served to browsers.
 */
NODISCARD enum err app_run(const struct config *config, const struct web_files *web);

/*
 * What app_run would refuse of this configuration, found by the same code; told on standard error, once. That an address is
 * taken, as by the running server, or that this account may not listen there, is told and is no failure.
 */
NODISCARD enum err app_check(const struct config *config);

#endif

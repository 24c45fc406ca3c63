/* SPDX-License-Identifier: MIT
 *
 * rotate_url_key - `antiphond --rotate-url-key`: addresses that were signed until now open nothing any more.
 *
 * Layer: app.  Threads: one.
 */
#ifndef APP_COMMANDS_ROTATE_URL_KEY_H
#define APP_COMMANDS_ROTATE_URL_KEY_H

#include "app/config.h"
#include "base/buf.h"

/* In the data folder of config, whether a server runs on it or not. As amend_run. */
NODISCARD enum err rotate_url_key(const struct config *config, struct buf *sentence);

#endif

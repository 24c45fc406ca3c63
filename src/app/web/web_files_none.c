/* SPDX-License-Identifier: MIT
 *
 * web_files_none - what a build without the web application carries of it.
 *
 * Layer: app.  Threads: any; everything is constant.
 */
#include "app/web/web_files.h"

const struct web_files web_files = { NULL, 0 };

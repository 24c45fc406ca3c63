/* SPDX-License-Identifier: MIT
 *
 * give_back - returns memory to the system after a mass of connections has gone: malloc keeps it by itself.
 *
 * Layer: app.  Threads: the loop's.
 */
#ifndef APP_GIVE_BACK_H
#define APP_GIVE_BACK_H

#include "net/loop.h"

struct give_back {
	struct loop *loop;
	struct timer timer;
};

/* Looks from time to time, until give_back_stop; g stays where it is. */
void give_back_start(struct give_back *g, struct loop *loop);

/* Also of one that was never started, all zero. */
void give_back_stop(struct give_back *g);

#endif

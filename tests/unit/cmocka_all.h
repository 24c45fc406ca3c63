/* SPDX-License-Identifier: MIT
 *
 * cmocka_all - cmocka with the headers that it wants before it.
 *
 * Layer: tests.  Threads: one.
 */
#ifndef UNIT_CMOCKA_ALL_H
#define UNIT_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif

/* SPDX-License-Identifier: MIT
 *
 * http_problem - the JSON body of an error (RFC 9457), with our errorCode in it.
 *
 * Layer: http.  Threads: any.
 */
#ifndef HTTP_HTTP_PROBLEM_H
#define HTTP_HTTP_PROBLEM_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define HTTP_PROBLEM_TYPE "application/problem+json"

/*
 * Appends { type, title, status, detail, errorCode }. status: 0 for the one of errors.def; another
 * one where HTTP knows it better (405, 412, 416). detail: one English sentence; empty for the one
 * of errors.def. retry_ms: after which it may work, `retryAfterMs`; 0: unsaid. e is not ERR_OK.
 */
void http_problem_write(struct buf *b, enum err e, int status, struct str detail, int64_t retry_ms);

/* The error that a status of ours stands for: 4xx without a row of its own is ERR_BAD_REQUEST. */
enum err http_problem_of_status(int status);

#endif

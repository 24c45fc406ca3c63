/* SPDX-License-Identifier: MIT
 *
 * access - who may put files into a group, and read them: its members.
 *
 * Layer: files.  Threads: the job's.
 */
#ifndef FILES_ACCESS_H
#define FILES_ACCESS_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/uuid.h"

struct tx;

/*
 * The group's row number, for a member (of the lobby everybody is one). Refuses with ERR_NOT_FOUND,
 * or with ERR_FORBIDDEN for who is no member.
 */
NODISCARD enum err access_group(
	struct tx *tx, struct uuid user_id, struct uuid group_id, int64_t *group_pk);

#endif

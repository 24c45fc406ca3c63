-- SPDX-License-Identifier: MIT
-- Whether a session has ever turned to a group (USER_CHANGED_GROUP): a new socket of it has no open group then, so that what
-- was written for a private group does not go to the lobby.

ALTER TABLE session ADD COLUMN turned INTEGER NOT NULL DEFAULT 0;

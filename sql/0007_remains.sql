-- SPDX-License-Identifier: MIT
-- What is needed to find all that hangs on a thing when it is deleted.

-- Whether a message has ever carried the file. Files that none carries any more go as if they had never been sent.
ALTER TABLE file ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
UPDATE file SET sent = 1 WHERE id IN (SELECT file_id FROM message_file);
CREATE INDEX file_unsent ON file (at) WHERE sent = 0;
CREATE INDEX message_file_of_file ON message_file (file_id);

-- The message or comment that a notification is about, and the track or group where it is: accounts/notify.c asks by the same words.
CREATE INDEX notification_thing ON notification
	(coalesce(json_extract(data, '$.messageId'), json_extract(data, '$.commentId')));
CREATE INDEX notification_place ON notification
	(coalesce(json_extract(data, '$.trackId'), json_extract(data, '$.groupId')), user_id);

-- For what is unread: deleted messages are not.
CREATE INDEX message_deleted ON message (group_pk, seq) WHERE deleted_at IS NOT NULL;

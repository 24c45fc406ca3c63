-- SPDX-License-Identifier: MIT
-- Uploads: bytes that came over HTTP, until an event uses them.

CREATE TABLE upload (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	user_id BLOB NOT NULL,
	purpose INTEGER NOT NULL,    -- enum upload_purpose
	group_id BLOB,               -- of a file
	filename TEXT NOT NULL,
	size INTEGER NOT NULL,       -- announced at creation
	offset INTEGER NOT NULL,     -- so many bytes are on the disk
	state INTEGER NOT NULL,      -- enum upload_state: 0 receiving, 1 complete, 2 used
	kind INTEGER NOT NULL DEFAULT 0, -- enum sniff_kind, when complete
	mime TEXT,                   -- when complete
	blob BLOB,                   -- digest, while complete and not used
	expires_at INTEGER NOT NULL
);
CREATE INDEX upload_of_user ON upload (user_id, state);
CREATE INDEX upload_by_expiry ON upload (expires_at);
CREATE INDEX file_of_user ON file (user_id, size);

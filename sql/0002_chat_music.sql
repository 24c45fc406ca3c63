-- SPDX-License-Identifier: MIT
-- Groups, messages and what hangs on them; tracks, comments, ratings and the log of their changes.

CREATE TABLE chat_group (
	pk INTEGER PRIMARY KEY,      -- 1 is the lobby, whose members are implied: every account
	id BLOB NOT NULL UNIQUE,
	name TEXT NOT NULL,
	folded TEXT NOT NULL,
	kind INTEGER NOT NULL,       -- 0 channel, 1 private, 2 direct
	creator_id BLOB NOT NULL,
	created_at INTEGER NOT NULL,
	member_count INTEGER NOT NULL DEFAULT 0,
	last_seq INTEGER NOT NULL DEFAULT 0,
	rev INTEGER NOT NULL DEFAULT 0,
	pair BLOB UNIQUE             -- of a direct group: both user ids, the smaller first
);
CREATE UNIQUE INDEX channel_by_name ON chat_group (folded) WHERE kind = 0;

CREATE TABLE member (
	group_pk INTEGER NOT NULL,
	user_id BLOB NOT NULL,
	joined_at INTEGER NOT NULL,
	PRIMARY KEY (group_pk, user_id)
) WITHOUT ROWID;
CREATE INDEX member_by_user ON member (user_id, group_pk);

CREATE TABLE read_mark (
	user_id BLOB NOT NULL,
	group_pk INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (user_id, group_pk)
) WITHOUT ROWID;

CREATE TABLE message (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	group_pk INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	rev INTEGER NOT NULL,        -- of its last change
	user_id BLOB NOT NULL,
	text TEXT NOT NULL,
	client_id TEXT,
	reply_to BLOB,
	at INTEGER NOT NULL,
	edited_at INTEGER,
	deleted_at INTEGER,
	extras INTEGER NOT NULL DEFAULT 0 -- bits: 1 has files, 2 has tracks, 4 has or had reactions
);
CREATE UNIQUE INDEX message_by_seq ON message (group_pk, seq);
CREATE UNIQUE INDEX message_by_rev ON message (group_pk, rev);
CREATE UNIQUE INDEX message_once ON message (client_id, user_id) WHERE client_id IS NOT NULL;

CREATE VIRTUAL TABLE message_text USING fts5 (
	words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2'
);

CREATE TABLE file (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	group_pk INTEGER NOT NULL,
	user_id BLOB NOT NULL,
	name TEXT NOT NULL,
	mime TEXT NOT NULL,
	size INTEGER NOT NULL,
	blob BLOB NOT NULL,
	at INTEGER NOT NULL
);

CREATE TABLE message_file (
	message_pk INTEGER NOT NULL,
	position INTEGER NOT NULL,
	file_id BLOB NOT NULL,
	PRIMARY KEY (message_pk, position)
) WITHOUT ROWID;

CREATE TABLE message_track (
	message_pk INTEGER NOT NULL,
	position INTEGER NOT NULL,
	track_id BLOB NOT NULL,
	PRIMARY KEY (message_pk, position)
) WITHOUT ROWID;

CREATE TABLE reaction (
	pk INTEGER PRIMARY KEY,
	message_pk INTEGER NOT NULL,
	reaction TEXT NOT NULL,
	user_id BLOB NOT NULL
);
CREATE UNIQUE INDEX reaction_once ON reaction (message_pk, reaction, user_id);

CREATE TABLE notification (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	user_id BLOB NOT NULL,
	type INTEGER NOT NULL,
	data TEXT NOT NULL,          -- JSON
	at INTEGER NOT NULL
);
CREATE INDEX notification_of_user ON notification (user_id, pk);

CREATE TABLE setting (
	user_id BLOB NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,         -- JSON
	PRIMARY KEY (user_id, name)
) WITHOUT ROWID;

CREATE TABLE track (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	user_id BLOB NOT NULL,
	title TEXT NOT NULL,
	title_folded TEXT NOT NULL,
	artist TEXT NOT NULL,
	album TEXT NOT NULL,
	genre TEXT NOT NULL,
	year INTEGER,
	tags TEXT NOT NULL,          -- JSON
	duration_ms INTEGER,
	blob BLOB NOT NULL,
	mime TEXT NOT NULL,
	size INTEGER NOT NULL,
	cover BLOB,
	cover_mime TEXT,
	rating_sum INTEGER NOT NULL DEFAULT 0,
	rating_count INTEGER NOT NULL DEFAULT 0,
	rating_rank INTEGER NOT NULL DEFAULT 0, -- the average in thousandths
	comment_count INTEGER NOT NULL DEFAULT 0,
	downloads INTEGER NOT NULL DEFAULT 0,
	published_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
);
CREATE INDEX track_of_user ON track (user_id, pk);
CREATE INDEX track_by_title ON track (title_folded, pk);
CREATE INDEX track_by_rating ON track (rating_rank, pk);
CREATE INDEX track_by_downloads ON track (downloads, pk);

CREATE TABLE track_tag (
	tag TEXT NOT NULL,           -- folded
	track_pk INTEGER NOT NULL,
	PRIMARY KEY (tag, track_pk)
) WITHOUT ROWID;
CREATE INDEX track_tag_of_track ON track_tag (track_pk);

CREATE VIRTUAL TABLE track_text USING fts5 (
	words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2'
);

CREATE TABLE comment (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	track_pk INTEGER NOT NULL,
	user_id BLOB NOT NULL,
	text TEXT NOT NULL,
	position_ms INTEGER,
	at INTEGER NOT NULL
);
CREATE INDEX comment_of_track ON comment (track_pk, pk);

CREATE TABLE rating (
	pk INTEGER PRIMARY KEY,
	track_pk INTEGER NOT NULL,
	user_id BLOB NOT NULL,
	value INTEGER NOT NULL,
	at INTEGER NOT NULL
);
CREATE UNIQUE INDEX rating_once ON rating (track_pk, user_id);

-- One row for each thing of /music, at the rev of its last change; a deleted thing keeps its row.
CREATE TABLE change (
	rev INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,       -- 0 user, 1 track, 2 comment, 3 rating
	id BLOB NOT NULL             -- of a rating: the track's, then the user's
);
CREATE UNIQUE INDEX change_once ON change (kind, id);

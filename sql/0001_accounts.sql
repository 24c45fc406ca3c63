-- SPDX-License-Identifier: MIT
-- Blobs, accounts, sessions. Ids are 16-byte UUIDs (version 7, so that they sort by time), times are
-- milliseconds since 1970, enums are the integers of the C enum that writes them.

CREATE TABLE blob (
	digest BLOB NOT NULL UNIQUE,
	size INTEGER NOT NULL,
	refs INTEGER NOT NULL
);

-- Single values that survive restarts: the key of signed URLs, the hash of the one-time admin link.
CREATE TABLE meta (
	name TEXT NOT NULL UNIQUE,
	value NOT NULL
);

CREATE TABLE user (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	username TEXT NOT NULL,
	folded TEXT NOT NULL UNIQUE, -- NFKC_Casefold of username
	display_name TEXT NOT NULL,
	display_folded TEXT NOT NULL,
	bio TEXT NOT NULL DEFAULT '',
	avatar BLOB,                 -- digest
	avatar_mime TEXT,
	status INTEGER NOT NULL DEFAULT 1,
	status_text TEXT NOT NULL DEFAULT '',
	role INTEGER NOT NULL DEFAULT 0,
	suspended INTEGER NOT NULL DEFAULT 0,
	password TEXT NOT NULL,      -- Argon2id, as libsodium writes it
	unread INTEGER NOT NULL DEFAULT 0, -- rows in notification
	created_at INTEGER NOT NULL
);

CREATE TABLE session (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	user_id BLOB NOT NULL,
	token_hash BLOB NOT NULL UNIQUE,
	about TEXT NOT NULL DEFAULT '', -- what the client calls itself
	created_at INTEGER NOT NULL,
	used_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
);
CREATE INDEX session_of_user ON session (user_id, used_at);

CREATE TABLE invite (
	pk INTEGER PRIMARY KEY,
	id BLOB NOT NULL UNIQUE,
	code TEXT NOT NULL UNIQUE,
	uses_left INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	created_by BLOB NOT NULL,
	created_at INTEGER NOT NULL
);

-- SPDX-License-Identifier: MIT
-- People and groups are found by words of their names, as messages and tracks are; search_index.c fills the indexes.

ALTER TABLE user DROP COLUMN display_folded;

CREATE VIRTUAL TABLE user_text USING fts5 (
	words, content='', columnsize=0, prefix='1 2 3', tokenize='ascii'
);

CREATE VIRTUAL TABLE group_text USING fts5 (
	words, content='', columnsize=0, prefix='1 2 3', tokenize='ascii'
);

-- SPDX-License-Identifier: MIT
-- The indexes of words, empty: search_index.c fills them at the start, in steps. Words of a message carry their group's
-- code of six characters before them (store/search.h), so prefixes of one to five characters are seven to eleven here.

DROP TABLE message_text;
CREATE VIRTUAL TABLE message_text USING fts5 (
	words, content='', columnsize=0, prefix='7 8 9', tokenize='ascii'
);

DROP TABLE track_text;
CREATE VIRTUAL TABLE track_text USING fts5 (
	words, content='', columnsize=0, prefix='1 2 3', tokenize='ascii'
);

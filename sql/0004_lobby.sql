-- SPDX-License-Identifier: MIT
-- The lobby: a channel of which every account is a member without a row in `member`. Its id is fixed
-- (chat/groups/group_row.h); its member_count is the number of accounts.

INSERT INTO chat_group (pk, id, name, folded, kind, creator_id, created_at, member_count)
VALUES (
	1, x'01900000000070008000000000000001', 'lobby', 'lobby', 0, zeroblob(16),
	CAST(strftime('%s', 'now') AS INTEGER) * 1000, (SELECT count(*) FROM user)
);

CREATE TRIGGER account_joins_lobby AFTER INSERT ON user BEGIN
	UPDATE chat_group SET member_count = member_count + 1 WHERE pk = 1;
END;

# SPDX-License-Identifier: MIT
"""Makes a data folder as version 0.1.0 wrote it (migrations 0001 to 0004), with something of everything in it:

    old_folder.py SQL_FOLDER DATA_FOLDER

The scenario old_folder.test.mjs opens it with today's server. Nothing here changes any more: 0.1.0 is released."""
import hashlib
import pathlib
import sqlite3
import sys

sql, data = map(pathlib.Path, sys.argv[1:])
AT = 1_780_000_000_000
MESSAGES = 4500  # in the lobby
LOBBY = bytes.fromhex('01900000000070008000000000000001')
# Argon2id of "an old password of anna", as 0.1.0 stored it.
PASSWORD = '$argon2id$v=19$m=19456,t=2,p=1$sFZ2FiED3IUzRRbu7UidQg$jYdcq3wp3P9d+bcf5l4JMBr/xWiTr2YPYbOjhCcl/dA'


def ident(kind, n):
    return bytes([1, 0x9e, kind, 0, 0, 0, 0x70, 0, 0x80, 0]) + n.to_bytes(6, 'big')


def blake2b(b):
    return hashlib.blake2b(b, digest_size=32).digest()


def blob(content, refs):
    digest = blake2b(content)
    path = data / 'blobs' / digest.hex()[:2] / digest.hex()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    db.execute('INSERT INTO blob VALUES (?, ?, ?)', (digest, len(content), refs))
    return digest


data.mkdir(mode=0o700, parents=True)
db = sqlite3.connect(data / 'antiphon.db', isolation_level=None)
db.execute('PRAGMA journal_mode = WAL')
for n in (1, 2, 3, 4):
    db.executescript(next(sql.glob(f'{n:04}_*.sql')).read_text())
db.execute('PRAGMA user_version = 4')
db.execute('BEGIN')
db.execute("INSERT INTO meta VALUES ('url_key', ?)", (bytes(range(32)),))

ANNA, BERT, CARL = (ident(1, n) for n in (1, 2, 3))
for n, (name, role, status) in enumerate([('anna', 2, 1), ('bert', 0, 2), ('carl', 1, 0)], 1):
    db.execute('INSERT INTO user (pk, id, username, folded, display_name, display_folded, bio, status, role, password, created_at)'
               ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
               (n, ident(1, n), name, name, f'{name.title()} Émile', f'{name} émile', f'I am {name}.', status, role, PASSWORD, AT))
    db.execute('INSERT INTO session (id, user_id, token_hash, about, created_at, used_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
               (ident(2, n), ident(1, n), blake2b(f'token-of-{name}'.ljust(43, 'x').encode()), 'a test', AT, AT, 4_000_000_000_000))
db.execute('INSERT INTO invite (id, code, uses_left, expires_at, created_by, created_at) VALUES (?, ?, 3, ?, ?, ?)',
           (ident(3, 1), 'an-old-invite', 4_000_000_000_000, ANNA, AT))

TEAM, DIRECT, NEWS = 2, 3, 4
for pk, name, kind, pair in ((TEAM, 'team', 1, None), (DIRECT, '', 2, ANNA + BERT), (NEWS, 'News', 0, None)):
    db.execute('INSERT INTO chat_group (pk, id, name, folded, kind, creator_id, created_at, member_count, pair) VALUES (?, ?, ?, ?, ?, ?, ?, 2, ?)',
               (pk, ident(4, pk), name, name.lower(), kind, ANNA, AT, pair))
    for user in (ANNA, BERT):
        db.execute('INSERT INTO member VALUES (?, ?, ?)', (pk, user, AT))


def message(pk, group, seq, user, text, **more):
    row = {'pk': pk, 'id': ident(5, pk), 'group_pk': group, 'seq': seq, 'rev': seq, 'user_id': user, 'text': text, 'at': AT + pk, **more}
    db.execute(f'INSERT INTO message ({", ".join(row)}) VALUES ({", ".join("?" * len(row))})', list(row.values()))
    db.execute('INSERT INTO message_text (rowid, words) VALUES (?, ?)', (pk, text))


for i in range(1, MESSAGES + 1):
    message(i, 1, i, (ANNA, BERT, CARL)[i % 3], f'message {i} about ' + ('Zürich' if i % 1000 == 7 else 'nothing'))
pk = MESSAGES
message(pk + 1, TEAM, 1, ANNA, 'a secret of the team', extras=7)
message(pk + 2, TEAM, 2, BERT, 'an answer', reply_to=ident(5, pk + 1), client_id='bert-1', edited_at=AT + 9)
message(pk + 3, TEAM, 3, BERT, '', deleted_at=AT + 10)
message(pk + 4, DIRECT, 1, BERT, 'between us')
for group, last in ((1, MESSAGES), (TEAM, 3), (DIRECT, 1)):
    db.execute('UPDATE chat_group SET last_seq = ?, rev = ? WHERE pk = ?', (last, last, group))
db.execute('INSERT INTO read_mark VALUES (?, 1, ?)', (ANNA, MESSAGES - 5))
db.execute('INSERT INTO reaction (message_pk, reaction, user_id) VALUES (?, ?, ?)', (pk + 1, '👍', BERT))

note = blob(b'the words of an old file', 1)
db.execute('INSERT INTO file (id, group_pk, user_id, name, mime, size, blob, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
           (ident(6, 1), TEAM, ANNA, 'old.txt', 'text/plain', 24, note, AT))
db.execute('INSERT INTO message_file VALUES (?, 0, ?)', (pk + 1, ident(6, 1)))

song = blob(b'OggS of an old song', 2)
for n, title in ((1, 'Ältere Weise'), (2, 'Younger Tune')):
    db.execute('INSERT INTO track (pk, id, user_id, title, title_folded, artist, album, genre, year, tags, duration_ms, blob, mime, size,'
               ' rating_sum, rating_count, rating_rank, comment_count, downloads, published_at, updated_at)'
               ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1999, ?, 1000, ?, ?, 19, 5, 1, 5000, 1, 7, ?, ?)',
               (n, ident(7, n), ANNA, title, title.lower(), 'Some Artist', 'Some Album', 'folk', '["live","süß"]', song, 'audio/ogg', AT, AT))
    for tag in ('live', 'süß'):
        db.execute('INSERT INTO track_tag VALUES (?, ?)', (tag, n))
    db.execute('INSERT INTO track_text (rowid, words) VALUES (?, ?)', (n, f'{title} Some Artist Some Album folk live süß '))
    db.execute('INSERT INTO comment (id, track_pk, user_id, text, position_ms, at) VALUES (?, ?, ?, ?, 10, ?)',
               (ident(8, n), n, BERT, f'a comment on {title}', AT))
    db.execute('INSERT INTO rating (track_pk, user_id, value, at) VALUES (?, ?, 5, ?)', (n, BERT, AT))
    for kind, id in ((1, ident(7, n)), (2, ident(8, n)), (3, ident(7, n) + BERT)):
        db.execute('INSERT INTO change (kind, id) VALUES (?, ?)', (kind, id))
db.execute('INSERT INTO message_track VALUES (?, 0, ?)', (pk + 1, ident(7, 1)))

db.execute("INSERT INTO setting VALUES (?, 'theme', '{\"dark\":true}')", (ANNA,))
db.execute('INSERT INTO notification (id, user_id, type, data, at) VALUES (?, ?, 5, ?, ?)', (ident(9, 1), ANNA, '{"what":"password"}', AT))
db.execute('UPDATE user SET unread = 1 WHERE pk = 1')
db.execute('INSERT INTO upload (id, user_id, purpose, filename, size, "offset", state, expires_at) VALUES (?, ?, 0, ?, 100, 0, 0, ?)',
           (ident(10, 1), ANNA, 'half.ogg', 4_000_000_000_000))
db.execute('COMMIT')
db.close()

// SPDX-License-Identifier: MIT
//
// events - a server that knows just enough for libantiphon to get in step, and then says events as fast as they are taken: of
// eight three are messages, then an edit, a reaction, somebody writing, a rating, another title. Each is news to the model.
const { Server } = require('socket.io');

const date = '2026-11-22T09:01:00.000Z';
const id = (n) => `0193a1b2-0000-7000-8000-${String(n).padStart(12, '0')}`;
const user = (n, bio = '') => ({
  id: id(n), username: `user${n}`, displayName: '', bio, avatarUrl: null, status: 'online', statusText: '', role: 'user', createdAt: date,
});
const room = id(1000);
const track = (n, title, rev) => ({
  id: id(n), userId: id(1), title, artist: 'The artist', album: 'An album', genre: 'jazz', year: 1999, tags: ['live'], durationMs: 1000,
  audio: { mime: 'audio/ogg', size: 5000000, blake2b: '0'.repeat(64), url: `/api/v1/tracks/${id(n)}/audio` },
  coverUrl: null, rating: { average: 0, count: 0 }, commentCount: 0, downloads: 0, publishedAt: date, updatedAt: date, rev,
});
const tracks = Array.from({ length: 100 }, (_, i) => track(2000 + i, 'A title', i + 1));

let seq = 0, rev = 100, change = 0;
const message = () => ({
  messageId: id(1e6 + ++seq), groupId: room, seq, rev: ++change, userId: id(2), message: 'some hundred bytes of words, '.repeat(4), timestamp: date,
  clientId: null, replyTo: null, files: [], tracks: [], editedAt: null, deletedAt: null, reactions: [],
});
const kinds = [
  ['chat', 'MESSAGE_RECEIVED', message],
  ['chat', 'MESSAGE_EDITED', () => ({ messageId: id(1e6 + seq), groupId: room, seq, rev: ++change, userId: id(2), message: 'another', editedAt: date })],
  ['chat', 'MESSAGE_RECEIVED', message],
  ['chat', 'TYPING', () => ({ groupId: room, userId: id(2), timestamp: date })],
  ['chat', 'MESSAGE_REACTION', () => ({ messageId: id(1e6 + seq), groupId: room, userId: id(2), reaction: ':ok:', on: true, rev: ++change, timestamp: date })],
  ['music', 'PUBLISH_RATING', (n) => ({ trackId: id(2000 + n % 100), userId: id(1 + n % 7), value: 1 + n % 5, timestamp: date, average: 3, count: 1, rev: ++rev })],
  ['chat', 'MESSAGE_RECEIVED', message],
  ['music', 'UPDATE_TRACK', (n) => track(2000 + n % 100, `title ${n}`, ++rev)],
];

const io = new Server({ transports: ['websocket'] });
const client = {};
let said = 0;

function pour() {
  if (!client.chat?.connected) return;
  for (let i = 0; i < 400 && client.chat.conn.writeBuffer.length === 0; i++) {
    for (let j = 0; j < 40; j++) {
      const [where, event, make] = kinds[said % kinds.length];
      client[where].emit(event, make(said++));
    }
  }
  setImmediate(pour);
}

io.of('/chat').on('connection', (socket) => {
  client.chat = socket;
  socket.emit('DATA_RECEIVED', {
    dataType: 'snapshot', timestamp: date,
    data: {
      me: user(1), settings: {}, users: [], unread: { [room]: 0 }, notifications: [],
      groups: [{ id: room, name: 'room', kind: 'private', creatorId: null, createdAt: date, memberCount: 2, lastSeq: 0, rev: 0 }],
    },
  });
});
io.of('/music').on('connection', (socket) => {
  client.music = socket;
  socket.on('USER_CONNECT', (_, ack) => ack({ ok: true, users: Array.from({ length: 100 }, (_, i) => user(1 + i)) }));
  socket.on('LIST_CHANGES', (_, ack) => {
    ack({ ok: true, rev: 100, more: false, changes: tracks.map((x) => ({ rev: x.rev, kind: 'track', id: x.id, object: x })) });
    setTimeout(pour, 200);
  });
});
io.listen(0);
io.httpServer.on('listening', () => console.log(`listening on 127.0.0.1:${io.httpServer.address().port}`));

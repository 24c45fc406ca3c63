// SPDX-License-Identifier: MIT
//
// client_hostile - libantiphon and a server, or somebody between, that means ill: closes at any byte, trickles, says what no server
// says, sends other bytes than the track's. A clear error, nothing half-written, no message lost.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, must, seen, serve } from './lib/antiphon.mjs';
import { carry } from './lib/carry.mjs';
import { Follow } from './lib/follow.mjs';

// Somebody between the client and the server: `meddle(data, send, end)` says what becomes of what the server sends on connection n.
async function between(t, server, meddle, onRequest = () => false) {
  const listener = createServer((client) => {
    const target = new URL(server.url);
    const upstream = connect(target.port, target.hostname);
    const end = () => { client.destroy(); upstream.destroy(); };
    const own = meddle(client, end);
    let first = true;
    client.on('data', (data) => {
      if (first && onRequest(data.toString('latin1'), client)) { upstream.destroy(); client.removeAllListeners('data'); return; }
      first = false;
      upstream.write(data);
    });
    upstream.on('data', (data) => own(data));
    client.on('error', end);
    client.on('close', end);
    upstream.on('error', end);
    upstream.on('close', () => client.end());
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.after(() => listener.close());
  return { url: `http://127.0.0.1:${listener.address().port}` };
}

const through = (client) => (data) => client.write(data);

async function lobbyOf(server, token) {
  const chat = await server.connect('/chat', token);
  const { data } = await seen(chat, 'DATA_RECEIVED');
  return { chat, lobby: data.groups[0].id };
}

// The message that was said before all this is stored, once.
async function stored(server, token, text) {
  const { chat, lobby } = await lobbyOf(server, token);
  const { messages } = await must(chat, 'GET_HISTORY', { groupId: lobby });
  chat.disconnect();
  return messages.filter((m) => m.message === text).length;
}

// recovery: 0 makes each connection begin from nothing, so that all that can be cut is.
async function hostile(t, meddle, { polling = false, recovery = 0 } = {}) {
  const server = await serve(t, { keys: { recovery } });
  const ann = await server.register('ann');
  const { lobby } = await lobbyOf(server, ann.token);
  const world = { server, quiet: false, connections: 0 };
  const way = await between(t, server, (client, end) => (world.quiet ? through(client) : meddle(world, client, end)),
    (head, client) => polling && head.includes('transport=websocket') && client.end('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'));
  const data = [join(folder(), 'data')];
  const follow = new Follow(t, way, ann.token, { data, env: { FOLLOW_BACKOFF: '1' } });
  world.ends = async (reached) => {
    follow.say('/chat', 'MESSAGE_SENT', { groupId: lobby, message: 'not lost' });
    for (const until = Date.now() + 60000; !reached();) {
      assert.ok(Date.now() < until && follow.process.exitCode === null, `${world.connections} connections; ${follow.errors}`);
      await new Promise((r) => { setTimeout(r, 20); });
    }
    const from = follow.lines.length;
    world.quiet = true;
    await follow.event('SYNCHRONISED', () => true, from);
    await follow.event('MESSAGE_SENT', (m) => m.message === 'not lost');
    const { waiting, messages } = await follow.state();
    assert.deepEqual([waiting, messages], [0, 1]);
    for (const { payload } of follow.lines.filter((l) => l.event === 'CONNECTION_ERROR')) assert.match(payload.errorMessage, /^[A-Z].*\.$/);
    await follow.end();
    assert.equal(await stored(server, ann.token, 'not lost'), 1);
  };
  world.follow = follow;
  return world;
}

for (const polling of [false, true]) {
  test(`${polling ? 'polling' : 'websocket'}: a server that closes at any byte`, async (t) => {
    const world = await hostile(t, (w, client, end) => {
      let left = 1 + w.connections++ * 7 % 1400; // of some 1,700 until it is in step
      return (data) => {
        client.write(data.subarray(0, left));
        left -= data.length;
        if (left <= 0) end();
      };
    }, { polling });
    await world.ends(() => world.connections > 250);
  });
}

test('a server that closes at any byte of a connection that is recovered', async (t) => {
  const world = await hostile(t, (w, client, end) => {
    let left = 1 + w.connections++ * 7 % 700; // of some 900 until it is in step
    return (data) => {
      client.write(data.subarray(0, left));
      left -= data.length;
      if (left <= 0) end();
    };
  }, { recovery: 120 });
  await world.ends(() => world.connections > 250);
});

test('a server that trickles', async (t) => {
  const world = await hostile(t, (w, client) => {
    let queue = Buffer.alloc(0), busy = false;
    const drip = () => {
      busy = queue.length > 0;
      if (!busy || client.destroyed) return;
      client.write(queue.subarray(0, 1));
      queue = queue.subarray(1);
      setImmediate(drip);
    };
    return (data) => {
      queue = Buffer.concat([queue, data]);
      if (!busy) drip();
    };
  });
  await world.follow.event('SYNCHRONISED');
  world.quiet = true;
  assert.equal(world.follow.lines.filter((l) => l.event === 'CONNECTION_ERROR').length, 0);
  await world.follow.end();
});

const frame = (text, opcode = 1) => {
  const payload = Buffer.from(text);
  assert.ok(payload.length < 126);
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
};

// Where WebSocket frames end in what came so far; the handshake counts as one.
function boundaries() {
  let rest = Buffer.alloc(0), upgraded = false;
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const whole = [];
    if (!upgraded) {
      const at = rest.indexOf('\r\n\r\n');
      if (at < 0) return whole;
      whole.push(rest.subarray(0, at + 4));
      rest = rest.subarray(at + 4);
      upgraded = true;
    }
    for (;;) {
      if (rest.length < 2) return whole;
      const code = rest[1] & 127, head = code < 126 ? 2 : code === 126 ? 4 : 10;
      if (rest.length < head) return whole;
      const n = head + (code < 126 ? code : code === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2)));
      if (rest.length < n) return whole;
      whole.push(rest.subarray(0, n));
      rest = rest.subarray(n);
    }
  };
}

// Says each of them behind frame number k of a connection of its own.
const saying = (list) => (w, client, end) => {
  const cut = boundaries();
  const what = list[w.connections % list.length], behind = 1 + Math.floor(w.connections / list.length) % 7;
  let n = 0;
  w.connections++;
  return (data) => {
    if (n === 0 && !data.toString('latin1').startsWith('HTTP/1.1 101')) return end(); // polling, which it tries next
    for (const whole of cut(data)) {
      client.write(whole);
      if (++n !== behind) continue;
      client.write(what);
      setTimeout(end, 30); // some of it may be passed over
    }
  };
};

const malformed = [
  frame(''), frame('x'), frame('4'), frame('47'), frame('42'), frame('42{'), frame('42[]'), frame('42[1]'), frame('42/chat,["MESSAGE_RECEIVED"'),
  frame('451-/chat,["x"]'), frame('4599999999999-/chat,["x"]'), frame('44/chat,'), frame('40/chat,[]'), frame('43/chat,[]'), frame('0{}'), frame('1'),
  frame('bytes', 2), frame('x', 0), frame('x', 3), Buffer.from([0x81, 0x80]), Buffer.from([0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  frame('\u0003\u00e8', 8), Buffer.from([0xc1, 1, 0x34]), frame(Buffer.from([0x34, 0x32, 0xff])), Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
];

test('a server that says what is malformed', async (t) => {
  const world = await hostile(t, saying(malformed));
  await world.ends(() => world.connections > malformed.length * 7);
});

test('a server that says what is unknown, or of another shape: it is passed over, the connection stays', async (t) => {
  const strange = [
    '42/chat,["NEWER_EVENT",{"a":[1]}]', '42/music,["NEWER_EVENT"]', '42/chat,["MESSAGE_RECEIVED",{"a":1}]', '42/chat,["MESSAGE_RECEIVED",null]',
    '42/music,["PUBLISH_TRACK",[]]', '42/music,["USER_CONNECTED",{}]', '42/nowhere,["X"]', '43/chat,99999[{"ok":true}]', '42/chat,["DATA_RECEIVED",{"dataType":"snapshot"}]',
    '42/chat,["DATA_RECEIVED",{"dataType":"newer","data":1,"timestamp":"2026-11-22T09:01:00.000Z"}]', '42/music,["USER_DISCONNECT",{"id":"x"}]',
    '42/chat,["NOTIFICATION_READ",{"notificationId":"all"}]', '42/chat,["GROUP_MEMBER_REMOVED",{"groupId":1,"userId":2,"timestamp":3}]',
  ];
  const world = await hostile(t, (w, client) => {
    const cut = boundaries();
    let n = 0;
    return (data) => {
      for (const whole of cut(data)) {
        client.write(whole);
        if (++n >= 3) for (const s of strange) client.write(frame(s.slice(0, 125)));
      }
    };
  });
  const { follow, server } = world;
  await follow.event('SYNCHRONISED');
  const { chat, lobby } = await lobbyOf(server, (await server.register('bob')).token);
  for (let i = 0; i < 5; i++) await must(chat, 'MESSAGE_SENT', { groupId: lobby, message: `m${i}` });
  await follow.event('MESSAGE_RECEIVED', (m) => m.message === 'm4');
  assert.equal(follow.lines.filter((l) => l.event === 'CONNECTION_ERROR').length, 0);
  assert.equal((await follow.state()).messages, 5);
  await follow.end();
});

test('audio that is not the track, in every way: an error, no file, nothing left', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const where = folder();
  const bytes = Buffer.concat([Buffer.from('fLaC'), randomBytes(300_000)]);
  writeFileSync(join(where, 'a.flac'), bytes);
  const { id } = await carry('up', server.url, ann.token, join(where, 'a.flac'));
  const other = Buffer.from(bytes);
  other[150_000] ^= 1;
  const answer = (status, length, body) => Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`), body]);
  const ways = {
    'one bit is another': [answer(200, other.length, other), 'internal'],
    'it is shorter': [answer(200, 1000, bytes.subarray(0, 1000)), 'internal'],
    'it is longer': [answer(200, bytes.length + 1, Buffer.concat([bytes, bytes.subarray(0, 1)])), 'internal'],
    'it does not end': [Buffer.concat([Buffer.from('HTTP/1.1 200 X\r\nContent-Type: audio/flac\r\n\r\n'), bytes, bytes, bytes]), 'internal'],
    'there is none': [answer(404, 0, Buffer.alloc(0)), 'not_found'],
    'it is elsewhere': [Buffer.from('HTTP/1.1 302 X\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'), 'bad_request'],
    'it is a part that nobody asked for': [answer(206, 1000, bytes.subarray(0, 1000)), 'internal'],
    'the server is broken': [answer(500, 2, Buffer.from('no')), 'internal'],
    'it is no HTTP': [Buffer.from('nonsense\r\n\r\n'), 'unavailable'],
    'nothing comes': [null, 'unavailable'],
  };
  for (const [what, [said, result]] of Object.entries(ways)) {
    const way = await between(t, server, (client) => through(client), (head, client) => {
      if (!/^GET \/api\/v1\/tracks\//.test(head)) return false;
      if (said) client.end(said);
      return true;
    });
    const place = join(where, what);
    mkdirSync(place);
    writeFileSync(join(place, 'b.flac'), 'what was there');
    const r = await carry('down', way.url, ann.token, join(place, 'b.flac'), { track: id, patience: 1500 });
    assert.deepEqual([r.result, r.events], [result, 0], what);
    assert.deepEqual(readdirSync(place), ['b.flac'], what);
    assert.equal(readFileSync(join(place, 'b.flac'), 'utf8'), 'what was there', what);
  }
});

test('a server that is wrong about uploads', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const where = folder();
  writeFileSync(join(where, 'a.flac'), Buffer.concat([Buffer.from('fLaC'), randomBytes(300_000)]));
  const none = 'Content-Length: 0\r\nConnection: close\r\n\r\n';
  const created = `HTTP/1.1 201 X\r\nLocation: /api/v1/uploads/0193a1b2-0000-7000-8000-000000000001\r\n${none}`;
  const ways = {
    'no address': [`HTTP/1.1 201 X\r\n${none}`, '', 'internal'],
    'an address that is none': [`HTTP/1.1 201 X\r\nLocation: /api/v1/uploads/..\r\n${none}`, '', 'internal'],
    'no offset': [created, `HTTP/1.1 200 X\r\n${none}`, 'internal'],
    'an offset behind the end': [created, `HTTP/1.1 200 X\r\nUpload-Offset: 999999999\r\n${none}`, 'internal'],
    'an offset below nothing': [created, `HTTP/1.1 200 X\r\nUpload-Offset: -5\r\n${none}`, 'internal'],
    'it is forgotten again and again': [created, `HTTP/1.1 404 X\r\n${none}`, 'unavailable'],
    'no HTTP': ['nonsense', '', 'unavailable'],
  };
  for (const [what, [creation, look, result]] of Object.entries(ways)) {
    const way = await between(t, server, (client) => through(client), (head, client) => {
      if (!/^\w+ \/api\/v1\/uploads/.test(head)) return false;
      client.end(head.startsWith('POST') ? creation : look);
      return true;
    });
    const r = await carry('up', way.url, ann.token, join(where, 'a.flac'), { patience: 1000 });
    assert.equal(r.result, result, what);
  }
});

test('a data folder that holds something else is refused in one sentence', async (t) => {
  const server = await serve(t);
  const data = join(folder(), 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'antiphon.db'), randomBytes(10000));
  const follow = new Follow(t, server, 'x', { data: [data] });
  assert.equal((await follow.exited).code, 70);
  assert.match(follow.errors, /^[A-Z].*\.\n$/);
  assert.ok(existsSync(join(data, 'antiphon.db')));
});

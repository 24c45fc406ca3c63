// SPDX-License-Identifier: MIT
//
// limits - rows of limits.def seen from outside, each at its limit and one over; the others are in bad_input, http and chat.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import WebSocket from 'ws';
import { ask, count, must, seen, serve, settle, Server } from './lib/antiphon.mjs';
import { append, create, offset } from './lib/tus.mjs';

const engine = (server) => `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
const pause = (ms) => new Promise((r) => { setTimeout(r, ms); });

// A bare WebSocket whose messages are kept; `closed` resolves when it has ended.
async function bare(server, { headers = {}, pong = true } = {}) {
  const ws = new WebSocket(engine(server), { headers });
  ws.got = [];
  ws.closed = new Promise((r) => { ws.once('close', r); });
  ws.on('message', (d) => { ws.got.push(String(d)); if (String(d) === '2' && pong) ws.send('3'); });
  await new Promise((resolve, reject) => { ws.once('message', resolve); ws.once('error', reject); });
  return ws;
}

const within = (ms, promise) => Promise.race([promise.then(() => true), pause(ms).then(() => false)]);

test('max_payload: a message of so many bytes is taken, one byte more ends the connection, by either transport', async (t) => {
  const server = await serve(t, { keys: { max_payload: 2000 } });
  const { token } = await server.register('ann');
  const packet = (n) => { const head = '42/chat,1["MESSAGE_SENT",{"message":"'; return head + 'x'.repeat(n - head.length - 3) + '"}]'; };
  const ws = await bare(server);
  assert.equal(JSON.parse(ws.got[0].slice(1)).maxPayload, 2000);
  ws.send(`40/chat,${JSON.stringify({ token })}`);
  while (!ws.got.some((m) => m.startsWith('42/chat'))) await pause(5);
  ws.send(packet(2000));
  while (!ws.got.some((m) => m.startsWith('43/chat,1'))) await pause(5);
  ws.send(packet(2001));
  assert.ok(await within(5000, ws.closed));

  const poll = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(poll)).text()).slice(1));
  const post = (n) => fetch(`${poll}&sid=${sid}`, { method: 'POST', body: `40/chat,${JSON.stringify({ token, pad: '' })}`.replace('"pad":""', `"pad":"${'x'.repeat(n - 30 - token.length)}"`) });
  const length = `40/chat,${JSON.stringify({ token, pad: '' })}`.length - 30 - token.length;
  assert.equal((await post(2000 - length)).status, 200);
  assert.equal((await post(2001 - length)).status, 413);
});

test('ping_interval, ping_timeout: who does not answer is closed, who does stays', async (t) => {
  const server = await serve(t, { keys: { ping_interval: 1000, ping_timeout: 1000 } });
  const { token } = await server.register('ann');
  const [silent, alive] = [await bare(server, { pong: false }), await bare(server)];
  for (const ws of [silent, alive]) ws.send(`40/chat,${JSON.stringify({ token })}`);
  const { pingInterval, pingTimeout } = JSON.parse(silent.got[0].slice(1));
  assert.deepEqual([pingInterval, pingTimeout], [1000, 1000]);
  const from = Date.now();
  assert.ok(await within(5000, silent.closed));
  assert.ok(Date.now() - from >= 1900, 'not before both have passed');
  assert.equal(alive.readyState, WebSocket.OPEN);
  alive.close();
});

test('connect_timeout: a connection without a namespace is closed, one with a namespace stays', async (t) => {
  const server = await serve(t, { keys: { connect_timeout: 1000 } });
  const { token } = await server.register('ann');
  const [none, refusedOne, joined] = [await bare(server), await bare(server), await bare(server)];
  refusedOne.send('40/chat,{"token":"x"}');
  joined.send(`40/chat,${JSON.stringify({ token })}`);
  assert.ok(await within(5000, none.closed));
  assert.ok(await within(5000, refusedOne.closed));
  assert.equal(joined.readyState, WebSocket.OPEN);
  joined.close();
});

test('user_rate: all sockets of a user share it, and nobody else does', async (t) => {
  const server = await serve(t, { keys: { user_rate: 1, user_burst: 20, socket_rate: 0 } });
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const sockets = [await server.connect('/chat', ann.token), await server.connect('/chat', ann.token)];
  const other = await server.connect('/chat', bob.token);
  const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => ask(sockets[i % 2], 'LIST_NOTIFICATIONS', {})));
  assert.deepEqual(answers.map((a) => a.error?.errorCode ?? 'ok').sort(), [...Array(10).fill('ok'), 'rate_limited', 'rate_limited']);
  await must(other, 'LIST_NOTIFICATIONS', {});
});

test('user_rate: connecting is charged as well, and going away gives nothing back', async (t) => {
  const server = await serve(t, { keys: { user_rate: 1, user_burst: 22, socket_rate: 0 } });
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  for (let i = 0; i < 4; i++) {
    const chat = await server.connect('/chat', ann.token);
    chat.disconnect();
  }
  const e = await server.connect('/chat', ann.token).then(() => null, (x) => x);
  assert.equal(e?.data.errorCode, 'rate_limited');
  assert.equal(e.message, e.data.errorMessage);
  await server.connect('/chat', bob.token);
});

test('a group with its first members costs as much as a search does', async (t) => {
  const server = await serve(t, { keys: { socket_rate: 1, socket_burst: 10 } });
  const chat = await server.connect('/chat', (await server.register('ann')).token);
  const answers = await Promise.all(['a', 'b', 'c'].map((name) => ask(chat, 'GROUP_CREATED', { name, kind: 'private' })));
  assert.deepEqual(answers.map((a) => a.error?.errorCode ?? 'ok'), ['ok', 'ok', 'rate_limited']);
});

test('connections_per_address: one more is refused, another address is not, and a closed one makes room', async (t) => {
  const server = await serve(t, { keys: { connections_per_address: 2, trust_proxy: '127.0.0.1' } });
  const from = (address) => bare(server, { headers: { 'x-forwarded-for': address } });
  const first = await from('192.0.2.1');
  await from('192.0.2.1');
  await assert.rejects(from('192.0.2.1'));
  await from('192.0.2.2');
  first.close();
  await first.closed;
  for (let i = 0; ; i++) {
    try { await from('192.0.2.1'); break; } catch (e) { if (i > 50) throw e; await pause(20); }
  }
});

test('unread_notifications: one more, and the oldest goes', async (t) => {
  const server = await serve(t, { keys: { unread_notifications: 3 } });
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const [chat, other] = [await server.connect('/chat', ann.token), await server.connect('/chat', bob.token)];
  const sent = [];
  for (let i = 0; i < 4; i++) sent.push((await must(chat, 'MESSAGE_SENT', { message: `@bob ${i}` })).messageId);
  const left = async () => (await must(other, 'LIST_NOTIFICATIONS', {})).notifications.map((n) => sent.indexOf(n.data.messageId));
  assert.deepEqual(await left(), [3, 2, 1]);
  const [newest] = (await must(other, 'GET_SNAPSHOT', {})).data.notifications;
  await must(other, 'NOTIFICATION_READ', { notificationId: newest.notificationId });
  sent.push((await must(chat, 'MESSAGE_SENT', { message: '@bob 4' })).messageId);
  assert.deepEqual(await left(), [4, 2, 1], 'what is read makes room');
});

test('upload_expiry: an unfinished upload and its bytes go with the sweep, one that has time left does not', async (t) => {
  const server = await new Server({ keys: { upload_expiry: 3600 } }).start();
  t.after(() => server.stop());
  const { token } = await server.register('ann');
  const paths = [];
  for (const name of ['old', 'young']) {
    const { path } = await create(server, token, 100, { purpose: 'track', filename: name });
    await append(server, token, path, 0, Buffer.alloc(50));
    paths.push(path);
  }
  await server.stop();
  const hex = (path) => path.split('/').pop().replaceAll('-', '');
  execFileSync('sqlite3', [join(server.data, 'antiphon.db'), `update upload set expires_at = expires_at - 3600001 where id = x'${hex(paths[0])}'`]);
  await server.start();
  for (let i = 0; i < 200 && await offset(server, token, paths[0]) !== -404; i++) await pause(20);
  assert.deepEqual([await offset(server, token, paths[0]), await offset(server, token, paths[1])], [-404, 50]);
  const parts = () => readdirSync(server.data, { recursive: true }).filter((f) => String(f).includes(paths[0].split('/').pop()));
  for (let i = 0; i < 200 && parts().length; i++) await pause(20);
  assert.deepEqual(parts(), []);
});

test('presence_grace: who comes back in time causes no event, who does not is gone', async (t) => {
  const server = await serve(t, { keys: { presence_grace: 1500 } });
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const chat = await server.connect('/chat', ann.token);
  const lose = async () => { const s = await server.connect('/chat', bob.token); s.io.engine.transport.ws.terminate(); };
  await lose();
  await seen(chat, 'USER_CONNECTED', (d) => d.userId === bob.user.id);
  for (let i = 0; i < 3; i++) { await pause(700); await lose(); }
  await settle(chat);
  assert.deepEqual([count(chat, 'USER_CONNECTED'), count(chat, 'USER_DISCONNECTED')], [1, 0]);
  await seen(chat, 'USER_DISCONNECTED', (d) => d.userId === bob.user.id);
  const s = await server.connect('/chat', bob.token);
  s.disconnect(); // a DISCONNECT packet: at once
  const from = Date.now();
  while (count(chat, 'USER_DISCONNECTED') < 2) await pause(10);
  assert.ok(Date.now() - from < 1000);
});

test('drain_time: a stopping server does not wait longer for who does not read', async (t) => {
  const server = await new Server({ keys: { drain_time: 1 } }).start();
  t.after(() => server.stop());
  const { token } = await server.register('ann');
  const { path } = await create(server, token, 1000, { purpose: 'track' });
  const s = connect(Number(new URL(server.url).port), '127.0.0.1');
  s.on('error', () => {});
  s.write(`PATCH ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n`
    + 'Content-Type: application/offset+octet-stream\r\nContent-Length: 1000\r\n\r\nhalf');
  await pause(200);
  const from = Date.now();
  server.process.kill('SIGTERM');
  assert.deepEqual(await server.exited, { code: 0, signal: null }, server.errors);
  assert.ok(Date.now() - from < 4000, `${Date.now() - from} ms`);
  s.destroy();
});

test('limits of HTTP and of addresses are counted by name', async (t) => {
  const server = await serve(t, { keys: { max_payload: 10000 } });
  const exceeded = async (limit) => Number(new RegExp(`^antiphon_limits_exceeded_total\\{limit="${limit}"\\} (\\d+)`, 'm')
    .exec(await (await fetch(`${server.url}/metrics`)).text())[1]);
  assert.equal((await fetch(`${server.url}/healthz`, { headers: { x: 'y'.repeat(17000) } })).status, 431);
  assert.equal(await exceeded('bytes of a header block'), 1);
  const opened = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
  const { sid } = JSON.parse((await opened.text()).slice(1));
  const large = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method: 'POST', body: '4'.repeat(10001) });
  assert.equal(large.status, 413);
  assert.equal(await exceeded('bytes of a body or message'), 1);
  const ws = await bare(server);
  ws.send('4'.repeat(10001));
  await ws.closed;
  assert.equal(await exceeded('bytes of a body or message'), 2);
  const pings = await bare(server);
  pings._socket.write(Buffer.concat(Array(1000).fill(Buffer.from([0x89, 0x80, 0, 0, 0, 0]))));
  await pings.closed;
  assert.equal(await exceeded('pings of a read'), 1);
  for (let i = 0; i < 5; i++) {
    const from = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', localAddress: '127.0.0.2' });
    from.on('error', () => {}).resume();
    from.write('GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
      + 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nxx');
    await new Promise((r) => { from.once('close', r); });
  }
  assert.equal(await exceeded('faults of an address'), 1);
});

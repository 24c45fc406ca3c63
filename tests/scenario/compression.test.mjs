// SPDX-License-Identifier: MIT
//
// compression - permessage-deflate and compressed polls, between antiphond and the npm clients.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { deflateRawSync } from 'node:zlib';
import WebSocket from 'ws';
import { must, serve } from './lib/antiphon.mjs';

const offer = { transports: ['websocket'], perMessageDeflate: { threshold: 100 } };
const long = 'the same words again;'.repeat(180);

// The ws under a client of npm's in Node, and what came on its TCP connection so far.
const under = (socket) => socket.io.engine.transport.ws;
const received = (socket) => under(socket)._socket.bytesRead;

test('a client that offers it gets long messages compressed, and sends them so', async (t) => {
  const server = await serve(t);
  const anna = await server.register('anna');
  const packed = await server.connect('/chat', anna.token, offer);
  const plain = await server.connect('/chat', anna.token, { perMessageDeflate: false });
  assert.equal(under(packed).extensions, 'permessage-deflate');
  assert.equal(under(plain).extensions, '');
  const group = (await must(packed, 'GROUP_CREATED', { name: 'a', kind: 'private' })).group;
  await must(packed, 'LIST_NOTIFICATIONS', {});
  await must(plain, 'LIST_NOTIFICATIONS', {});
  const before = [packed, plain].map(received);
  for (let i = 0; i < 5; i++) {
    await must(packed, 'MESSAGE_SENT', { groupId: group.id, message: `${i} ${long}` });
  }
  const seen = await must(packed, 'GET_HISTORY', { groupId: group.id });
  assert.deepEqual(seen.messages.map((m) => m.message), [0, 1, 2, 3, 4].map((i) => `${i} ${long}`));
  await must(plain, 'GET_HISTORY', { groupId: group.id });
  const [small, large] = [packed, plain].map((s, i) => received(s) - before[i]);
  assert.ok(small * 5 < large, `${small} bytes against ${large}`);
});

test('each window that a client asks for is kept to, and an offer that cannot be is declined', async (t) => {
  const server = await serve(t);
  for (const [terms, agreed] of [
    [{ serverMaxWindowBits: 9 }, true], [{ serverMaxWindowBits: 15 }, true], [{ clientMaxWindowBits: 10 }, true],
    [{ serverMaxWindowBits: 8 }, false],
  ]) {
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: terms });
    const [first] = await once(ws, 'message');
    assert.equal(JSON.parse(String(first).slice(1)).maxPayload, 1000000);
    assert.equal(ws.extensions.includes('permessage-deflate'), agreed, JSON.stringify(terms));
    ws.terminate();
  }
});

test('a bomb ends its own connection and nothing else', async (t) => {
  const server = await serve(t);
  const anna = await server.register('anna');
  const other = await server.connect('/chat', anna.token);
  const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  await once(ws, 'message');
  const bomb = deflateRawSync(Buffer.alloc(100000000, 0x34), { finishFlush: 2 }).subarray(0, -4);
  assert.ok(bomb.length < 110000);
  const head = Buffer.alloc(14);
  head.set([0xc1, 0x80 | 127]);
  head.writeBigUInt64BE(BigInt(bomb.length), 2);
  ws._socket.write(Buffer.concat([head, bomb]));
  const [code] = await once(ws, 'close');
  assert.equal(code, 1009);
  await must(other, 'LIST_NOTIFICATIONS', {});
});

test('polls are compressed as the client likes', async (t) => {
  const server = await serve(t);
  const anna = await server.register('anna');
  const writer = await server.connect('/chat', anna.token);
  const group = (await must(writer, 'GROUP_CREATED', { name: 'a', kind: 'private' })).group;
  for (const [accept, coding] of [['gzip, deflate, br', 'gzip'], ['deflate', 'deflate'], ['gzip;q=0, deflate;q=0', null]]) {
    const url = `${server.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await fetch(url);
    const { sid } = JSON.parse((await opened.text()).slice(1));
    await fetch(`${url}&sid=${sid}`, { method: 'POST', body: `40/chat,${JSON.stringify({ token: anna.token })}` });
    const next = async (text) => {
      for (;;) {
        const polled = await fetch(`${url}&sid=${sid}`, { headers: { 'accept-encoding': accept } });
        assert.equal(polled.status, 200);
        if ((await polled.text()).includes(text)) return polled;
      }
    };
    await next('40/chat,');
    await must(writer, 'MESSAGE_SENT', { groupId: group.id, message: long });
    assert.equal((await next(long)).headers.get('content-encoding'), coding);
  }
});

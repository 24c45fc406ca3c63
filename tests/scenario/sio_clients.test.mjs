// SPDX-License-Identifier: MIT
//
// sio_clients - clients of every age, from npm and Debian, against a program on libsio.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { io as io2 } from './lib/io2.cjs';
import { io as io3 } from 'socket.io-client-3';
import { io as io4 } from 'socket.io-client';
import parser from 'socket.io-msgpack-parser';
import { conform } from './lib/conformance.mjs';

const versions = { 2: io2, 3: io3, 4: io4 };
const transports = { polling: ['polling'], websocket: ['websocket'], upgrade: ['polling', 'websocket'] };

function event(socket, name) {
  return new Promise((resolve) => socket.once(name, (...args) => resolve(args)));
}

for (const [version, io] of Object.entries(versions)) {
  for (const [name, list] of Object.entries(transports)) {
    test(`socket.io-client ${version} by ${name}`, async (t) => {
      const server = await conform(t, 'legacy');
      const socket = io(server.url, { transports: list, forceNew: true, auth: { token: 'x' } });
      t.after(() => socket.disconnect());
      const auth = event(socket, 'auth');
      await event(socket, 'connect');
      assert.deepEqual(await auth, [version === '2' ? {} : { token: 'x' }]);
      const { engine } = socket.io;
      if (name === 'upgrade' && engine.transport.name !== 'websocket') await event(engine, 'upgrade');
      assert.equal(engine.transport.name, name === 'polling' ? 'polling' : 'websocket');

      const back = event(socket, 'message-back');
      socket.emit('message', 1, 'ü€😀', { a: [null, true] });
      assert.deepEqual(await back, [1, 'ü€😀', { a: [null, true] }]);

      const bytes = Buffer.from([0, 1, 2, 255]);
      const binary = event(socket, 'message-back');
      socket.emit('message', bytes, { inside: Buffer.from('ab') });
      const [first, second] = await binary;
      assert.deepEqual(Buffer.from(first), bytes);
      assert.deepEqual(Buffer.from(second.inside), Buffer.from('ab'));

      const answer = await new Promise((resolve) => socket.emit('message-with-ack', 'q', bytes, (...args) => resolve(args)));
      assert.equal(answer[0], 'q');
      assert.deepEqual(Buffer.from(answer[1]), bytes);

      const all = event(socket, 'broadcast-back');
      socket.emit('broadcast', 'all');
      assert.deepEqual(await all, ['all']);
    });
  }

  test(`socket.io-client ${version} in another namespace, and in one that there is not`, async (t) => {
    const server = await conform(t, 'legacy');
    const custom = io(`${server.url}/custom?token=abc`, { transports: ['websocket'], forceNew: true });
    t.after(() => custom.disconnect());
    assert.deepEqual(await event(custom, 'auth'), [version === '2' ? { token: 'abc' } : {}]);
    const nowhere = io(`${server.url}/nowhere`, { transports: ['websocket'], forceNew: true });
    t.after(() => nowhere.disconnect());
    const [error] = await event(nowhere, version === '2' ? 'error' : 'connect_error');
    assert.equal(version === '2' ? error : error.message, 'Invalid namespace');
  });
}

for (const name of ['polling', 'websocket']) {
  test(`socket.io-client 4 with socket.io-msgpack-parser by ${name}`, async (t) => {
    const server = await conform(t, 'msgpack');
    const socket = io4(server.url, { transports: [name], forceNew: true, parser, auth: { a: [1.5] } });
    t.after(() => socket.disconnect());
    assert.deepEqual(await event(socket, 'auth'), [{ a: [1.5] }]);
    const back = event(socket, 'message-back');
    const date = new Date(1700000000123);
    const args = [0, -1, 127, 128, -33, 65536, -70000, 2 ** 40, 2 ** 60, 0.1, null, true, false, 'ü€😀', 'x'.repeat(40), 'y'.repeat(70000), [], {}, { a: { b: [1] } },
      Array.from({ length: 20 }, (_, i) => i)];
    socket.emit('message', ...args, date, undefined);
    assert.deepEqual(await back, [...args, date.toISOString(), null]);
    const answer = await socket.emitWithAck('message-with-ack', Buffer.alloc(300, 7)).catch((e) => e);
    assert.deepEqual(Buffer.from(answer), Buffer.alloc(300, 7));
    const nowhere = io4(`${server.url}/nowhere`, { transports: [name], forceNew: true, parser });
    t.after(() => nowhere.disconnect());
    assert.equal((await event(nowhere, 'connect_error'))[0].message, 'Invalid namespace');
  });
}

test('a lost connection comes back as it was, also before its first event', async (t) => {
  const server = await conform(t, 'client');
  const socket = io4(server.url, { forceNew: true, reconnectionDelay: 10, transports: ['websocket'] });
  t.after(() => socket.disconnect());
  await event(socket, 'connect');
  const { id } = socket;
  for (let i = 0; i < 3; i++) {
    assert.equal(socket.recovered, i > 0);
    if (i === 2) { // from now on with an offset
      const hi = event(socket, 'hi');
      socket.emit('hi');
      await hi;
    }
    const connected = event(socket, 'connect');
    socket.io.engine.close();
    await connected;
    assert.equal(socket.id, id);
  }
  assert.equal(socket.recovered, true);
});

test('a client of version 2 sees its long message whole, by polling', async (t) => {
  const server = await conform(t, 'legacy');
  const socket = io2(server.url, { transports: ['polling'], forceNew: true });
  t.after(() => socket.disconnect());
  const long = 'ü😀'.repeat(30000);
  const back = event(socket, 'message-back');
  socket.emit('message', long);
  assert.equal((await back)[0], long);
});

const python = `
import asyncio, socketio, sys

async def main():
    c = socketio.AsyncClient()
    auth, back = asyncio.Queue(), asyncio.Queue()
    c.on('auth', auth.put)
    async def on_back(*args): await back.put(args)
    c.on('message-back', on_back)
    await c.connect(sys.argv[1], transports=[sys.argv[2]], auth={'token': 'p'})
    assert await auth.get() == {'token': 'p'}
    answer = await c.call('message-with-ack', ('q', b'\\x00\\x01'))
    assert list(answer) == ['q', b'\\x00\\x01'], answer
    await c.emit('message', (1, {'b': b'xy'}))
    assert await back.get() == (1, {'b': b'xy'})
    await c.disconnect()
    print('well')

asyncio.run(main())
`;

for (const name of ['polling', 'websocket']) {
  test(`python3-socketio by ${name}`, async (t) => {
    const server = await conform(t, 'legacy');
    const program = spawn('/usr/bin/python3', ['-c', python, server.url, name], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    program.stdout.on('data', (d) => { out += d; });
    program.stderr.on('data', (d) => { err += d; });
    const [code] = await once(program, 'exit');
    assert.equal(code, 0, err);
    assert.equal(out.trim(), 'well');
  });
}

// SPDX-License-Identifier: MIT
//
// threads - a server whose connections live on three I/O threads: order, connections that change threads, storms, ends.
// What one thread does the other files try; each of them passes with ANTIPHON_THREADS=4 as well.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { ask, build, must, seen, serve } from './lib/antiphon.mjs';

const keys = { threads: 4 };
const ways = [['websocket'], ['polling'], ['polling', 'websocket']];

// tests/conformance, which answers `echo` and tells all of `broadcast`; gives its address.
async function bench(t) {
  const server = spawn(join(build, 'tests', 'conformance', 'conformance'), ['bench', '127.0.0.1:0', '4'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill('SIGKILL'));
  const [line] = await once(server.stdout, 'data');
  return `http://${/listening on (\S+)/.exec(line)[1]}`;
}

async function enter(t, url, transports) {
  const socket = io(url, { transports, forceNew: true, reconnection: false });
  t.after(() => socket.disconnect());
  await once(socket, 'connect');
  return socket;
}

test('acknowledgements and broadcasts keep their order over all threads, also while a client upgrades', async (t) => {
  const url = await bench(t);
  const sockets = await Promise.all(Array.from({ length: 9 }, (_, i) => enter(t, url, ways[i % 3])));
  const heard = sockets.map(() => []);
  sockets.forEach((s, i) => s.on('broadcast', (from, n) => heard[i].push(`${from}:${n}`)));
  await Promise.all(sockets.map(async (s, i) => {
    const order = [];
    for (let n = 0; n < 150; n++) {
      s.emit('broadcast', i, n);
      s.emit('echo', n, () => order.push(n));
      if (n % 10 === 0) await s.timeout(20000).emitWithAck('echo', 'wait');
    }
    await s.timeout(20000).emitWithAck('echo', 'end');
    assert.deepEqual(order, Array.from({ length: 150 }, (_, n) => n));
  }));
  await Promise.all(sockets.map((s) => s.timeout(20000).emitWithAck('echo', 'settled')));
  assert.equal(heard[0].length, 9 * 150);
  for (const list of heard) assert.deepEqual(list, heard[0], 'everybody hears the same in the same order');
  sockets.forEach((_, i) => {
    assert.deepEqual(heard[0].filter((h) => h.startsWith(`${i}:`)), Array.from({ length: 150 }, (_, n) => `${i}:${n}`));
  });
});

// One TCP connection, to which requests are written as they stand, and from which answers are read one after the other.
class Wire {
  constructor(url) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.text = '';
    this.ended = false;
    this.wake = () => {};
    this.socket.setEncoding('latin1').on('data', (d) => { this.text += d; this.wake(); })
      .on('close', () => { this.ended = true; this.wake(); }).on('error', () => {});
  }

  async more() {
    if (this.ended) throw new Error(`the connection has ended behind ${JSON.stringify(this.text)}`);
    await new Promise((resolve) => { this.wake = resolve; });
  }

  // The next answer: its status and body.
  async answer() {
    for (;;) {
      const end = this.text.indexOf('\r\n\r\n');
      const n = end < 0 ? 0 : Number(/content-length: (\d+)/i.exec(this.text.slice(0, end))?.[1] ?? 0);
      if (end >= 0 && this.text.length >= end + 4 + n) {
        const status = Number(this.text.slice(9, 12));
        const body = this.text.slice(end + 4, end + 4 + n);
        this.text = this.text.slice(end + 4 + n);
        return { status, body };
      }
      await this.more();
    }
  }
}

const get = (path) => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
const post = (path, body) => `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const polling = '/socket.io/?EIO=4&transport=polling';

test('one connection asks for sessions of every thread and for the API in turn, all at once', async (t) => {
  const server = await serve(t, { keys });
  const wire = new Wire(server.url);
  t.after(() => wire.socket.destroy());
  wire.socket.write(get('/metrics') + get(polling) + get('/health') + get('/nothing/here') + get(polling));
  assert.match((await wire.answer()).body, /antiphon_connections /);
  const first = JSON.parse((await wire.answer()).body.slice(1)).sid;
  assert.ok((await wire.answer()).status < 500);
  assert.equal((await wire.answer()).status, 404);
  const second = JSON.parse((await wire.answer()).body.slice(1)).sid;

  const others = [];
  for (let i = 0; i < 6; i++) {
    const one = new Wire(server.url);
    t.after(() => one.socket.destroy());
    one.socket.write(get(polling));
    others.push(JSON.parse((await one.answer()).body.slice(1)).sid);
  }
  const sids = [first, second, ...others];
  assert.equal(new Set(sids.map((s) => s[0])).size, 3, 'each of the I/O threads has sessions');
  assert.ok(sids.every((s) => /^[A-Za-z0-9_-]{20}$/.test(s)));

  // The namespace is joined, and what it says fetched, all over the one connection.
  const body = `40/chat,${JSON.stringify({ token: 'nobody' })}`;
  wire.socket.write(sids.map((sid) => post(`${polling}&sid=${sid}`, body) + get('/metrics') + get(`${polling}&sid=${sid}`)).join(''));
  for (let i = 0; i < sids.length; i++) {
    assert.deepEqual(await wire.answer(), { status: 200, body: 'ok' });
    assert.equal((await wire.answer()).status, 200);
    assert.match((await wire.answer()).body, /^44\/chat,\{"message"/);
  }
  wire.socket.write(get(`${polling}&sid=D${first.slice(1)}x`) + get(`${polling}&sid=_${first.slice(1)}`));
  for (let i = 0; i < 2; i++) assert.match((await wire.answer()).body, /"code":1,/);
});

test('a body that comes in pieces follows its request to its thread; one that is too long is refused there', async (t) => {
  const server = await serve(t, { keys });
  const { token } = await server.register('ada');
  const one = new Wire(server.url);
  t.after(() => one.socket.destroy());
  one.socket.write(get(polling));
  const { sid } = JSON.parse((await one.answer()).body.slice(1));
  const to = `${polling}&sid=${sid}`;
  for (let i = 0; i < 8; i++) { // from every thread
    const wire = new Wire(server.url);
    t.after(() => wire.socket.destroy());
    const body = i ? '42/chat,1["LIST_NOTIFICATIONS",{}]' : `40/chat,${JSON.stringify({ token })}`;
    const whole = post(to, body);
    for (const cut of [10, whole.length - 5, whole.length]) {
      wire.socket.write(whole.slice(cut === 10 ? 0 : cut === whole.length ? whole.length - 5 : 10, cut));
      await new Promise((r) => { setImmediate(r); });
    }
    assert.deepEqual(await wire.answer(), { status: 200, body: 'ok' });
    wire.socket.write(`POST ${to} HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n4`);
    assert.equal((await wire.answer()).status, 413);
    for (let text = ''; !/^4[03]\/chat|\x1e4[03]\/chat/m.test(text);) {
      one.socket.write(get(to));
      text = (await one.answer()).body;
    }
  }
});

test('clients come and go in every way while others talk: nothing is lost, and in the end nobody is left', async (t) => {
  const server = await serve(t, { keys });
  const [ann, bob, eve] = await Promise.all(['ann', 'bob', 'eve'].map((n) => server.register(n)));
  const writer = await server.connect('/chat', ann.token);
  const readers = await Promise.all(ways.map((transports) => server.connect('/chat', bob.token, { transports })));
  let over = false;
  const storm = Promise.all(Array.from({ length: 6 }, async (_, i) => {
    for (let round = 0; !over || round < 5; round++) {
      const s = server.socket('/chat', eve.token, { transports: ways[(i + round) % 3] });
      if (round % 4 !== 3) await Promise.race([once(s, 'connect'), once(s, 'connect_error')]);
      if (round % 4 === 0) s.emit('LIST_NOTIFICATIONS', {});
      if (round % 4 === 1 && s.io.engine.transport.ws) s.io.engine.transport.ws._socket.destroy();
      s.disconnect();
      server.sockets.delete(s);
      if (round === 200) return;
    }
  }));
  const numbers = Array.from({ length: 200 }, (_, n) => n);
  for (const n of numbers) {
    if (n % 20) writer.emit('MESSAGE_SENT', { message: `n${n}` });
    else await must(writer, 'MESSAGE_SENT', { message: `n${n}` });
  }
  over = true;
  await storm;
  for (const reader of readers) {
    await seen(reader, 'MESSAGE_RECEIVED', (m) => m.message === 'n199');
    const told = reader.seen.filter((s) => s.event === 'MESSAGE_RECEIVED').map((s) => s.data.message);
    assert.deepEqual(told, numbers.map((n) => `n${n}`));
  }
  for (const s of [writer, ...readers]) s.disconnect();
  for (;;) { // a cut is noticed by its thread, then told; polls that will never come are waited for a while longer
    const text = await (await server.api('GET', '/metrics')).text();
    const [all, waiting] = ['connections', 'connections_polling'].map((name) => new RegExp(`^antiphon_${name} (.*)$`, 'm').exec(text)[1]);
    if (all === waiting && /^antiphon_sockets\{namespace="\/chat"\} 0$/m.test(text)) break;
  }
});

test('a stopping server tells the clients of all threads, and ends while they still talk', async (t) => {
  const server = await serve(t, { keys: { ...keys, drain_time: 1 } });
  const { token } = await server.register('ada');
  const sockets = await Promise.all(Array.from({ length: 12 }, (_, i) => server.connect('/chat', token, { transports: ways[i % 3] })));
  const lost = sockets.map((s) => once(s, 'disconnect'));
  const talk = sockets.map(async (s) => {
    while (s.connected) await ask(s, 'LIST_NOTIFICATIONS', {}).catch(() => {});
  });
  server.process.kill('SIGTERM');
  for (const [reason] of await Promise.all(lost)) assert.notEqual(reason, 'io server disconnect');
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  await Promise.all(talk);
});

// SPDX-License-Identifier: MIT
//
// client_transfer - libantiphon's uploads and downloads, through a network that cuts them.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, folder, serve } from './lib/antiphon.mjs';
import { begin, carry, sanitized } from './lib/carry.mjs';

const size = 6 << 20;

// A proxy that ends each connection after so many bytes one way; `passed` counts them all.
async function cutting(t, server, bytes = Infinity) {
  const proxy = { cuts: 0, passed: 0 };
  const listener = createServer((client) => {
    const target = new URL(server.url);
    const upstream = connect(target.port, target.hostname);
    const end = () => { client.destroy(); upstream.destroy(); };
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      let passed = 0;
      from.on('data', (data) => {
        if (!to.write(data)) { from.pause(); to.once('drain', () => from.resume()); }
        passed += data.length;
        proxy.passed += data.length;
        if (passed > bytes) { proxy.cuts++; end(); }
      });
      from.on('close', end);
      from.on('error', end);
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.after(() => listener.close());
  proxy.url = `http://127.0.0.1:${listener.address().port}`;
  proxy.reached = async (n) => { while (proxy.passed < n) await new Promise((r) => { setTimeout(r, 5); }); };
  return proxy;
}

// A file of music's kind; its hash comes along.
function make(path, bytes) {
  const fd = openSync(path, 'w'), hash = createHash('sha256');
  const piece = Buffer.concat([Buffer.from('fLaC'), randomBytes((1 << 20) - 4)]);
  for (let at = 0; at < bytes; at += piece.length) {
    writeSync(fd, piece);
    hash.update(piece);
    piece.writeUInt32LE(at, 1000); // no two pieces are the same
  }
  closeSync(fd);
  return hash.digest('hex');
}

function hashOf(path) {
  const fd = openSync(path), hash = createHash('sha256'), piece = Buffer.alloc(1 << 20);
  for (let n; (n = readSync(fd, piece)) > 0;) hash.update(piece.subarray(0, n));
  closeSync(fd);
  return hash.digest('hex');
}

// What a sanitizer adds to the memory is not the client's: there a smaller file, for the cuts alone.
const mib = sanitized ? 30 : 300;

test(`${mib} MiB go up and come down the same, cut ten times each way, in less than 8 MB of memory`, async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const proxy = await cutting(t, server, (mib << 20) / 10.5);
  const where = folder();
  t.after(() => rmSync(where, { recursive: true }));
  const hash = make(join(where, 'a.flac'), mib << 20);
  const up = await carry('up', proxy.url, ann.token, join(where, 'a.flac'));
  assert.equal(up.result, 'ok');
  assert.ok(proxy.cuts >= 10, `${proxy.cuts} cuts`);
  rmSync(join(where, 'a.flac'));
  proxy.cuts = 0;
  const down = await carry('down', proxy.url, ann.token, join(where, 'b.flac'), { track: up.id });
  assert.deepEqual([down.result, down.events], ['ok', 1]);
  assert.ok(proxy.cuts >= 10, `${proxy.cuts} cuts`);
  assert.equal(hashOf(join(where, 'b.flac')), hash);
  assert.ok(!existsSync(join(where, 'b.flac.part')));
  t.diagnostic(`RssAnon at most ${up.peak >> 10} KiB up, ${down.peak >> 10} KiB down; ${up.ms} and ${down.ms} ms`);
  for (const { peak } of [up, down]) assert.ok(peak > 0 && (sanitized || peak < 8e6), `${peak} bytes`);
  rmSync(server.data, { recursive: true, force: true });
});

test('a download that was cancelled goes on in another program; a part that is wrong is thrown away', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const where = folder();
  const path = join(where, 'b.flac');
  const hash = make(join(where, 'a.flac'), size);
  const { id } = await carry('up', server.url, ann.token, join(where, 'a.flac'));
  const stopped = await carry('down', server.url, ann.token, path, { track: id, stop: size / 2 });
  assert.deepEqual([stopped.result, stopped.events, existsSync(path)], ['conflict', 0, false]);
  assert.ok(statSync(path + '.part').size >= size / 2);
  const resumed = await carry('down', server.url, ann.token, path, { track: id });
  assert.deepEqual([resumed.result, resumed.events], ['ok', 1]);
  assert.ok(resumed.from >= size / 2);
  assert.equal(hashOf(path), hash);

  writeFileSync(path + '.part', randomBytes(1000));
  const wrong = await carry('down', server.url, ann.token, path, { track: id });
  assert.deepEqual([wrong.result, wrong.events, existsSync(path + '.part')], ['internal', 0, false]);
  assert.equal(hashOf(path), hash);
  const none = await carry('down', server.url, ann.token, path, { track: '0193a1b2-0000-7000-8000-000000000001' });
  assert.equal(none.result, 'not_found');
});

test('an upload that was cancelled, or whose program was killed, goes on in another one; a file that has changed begins anew', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const where = folder(), data = { folder: join(where, 'data') };
  const path = join(where, 'a.flac');
  const proxy = await cutting(t, server);
  const hash = make(path, size);
  const stopped = await carry('up', server.url, ann.token, path, { ...data, stop: size / 2 });
  assert.equal(stopped.result, 'conflict');
  proxy.passed = 0;
  const killed = begin('up', proxy.url, ann.token, path, { folder: join(where, 'other'), rate: 2 << 20 });
  killed.done.catch(() => {});
  await proxy.reached(size / 2);
  killed.child.kill('SIGKILL');
  await once(killed.child, 'close');
  for (const [url, more] of [[server.url, data], [proxy.url, { folder: join(where, 'other') }]]) {
    const resumed = await carry('up', url, ann.token, path, more);
    assert.equal(resumed.result, 'ok');
    assert.ok(resumed.from > size / 4, `${resumed.from}`);
    await carry('down', server.url, ann.token, path + '.back', { track: resumed.id });
    assert.equal(hashOf(path + '.back'), hash);
  }

  assert.equal((await carry('up', server.url, ann.token, path, { ...data, stop: size / 2 })).result, 'conflict');
  const changed = make(path, size);
  const anew = await carry('up', server.url, ann.token, path, data);
  assert.equal(anew.result, 'ok');
  assert.ok(anew.from < size / 4, `${anew.from}`);
  await carry('down', server.url, ann.token, path + '.back', { track: anew.id });
  assert.equal(hashOf(path + '.back'), changed);
  // An upload that the server has forgotten is made again.
  assert.equal((await carry('up', server.url, ann.token, path, { ...data, stop: size / 2 })).result, 'conflict');
  const bob = await server.register('bob');
  assert.equal((await carry('up', server.url, bob.token, path, data)).result, 'ok');
});

test('the server is killed and started again while a file goes up, and while it comes down', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const where = folder();
  const proxy = await cutting(t, server);
  const hash = make(join(where, 'a.flac'), size);
  let id;
  for (const how of ['up', 'down']) {
    proxy.passed = 0;
    const path = join(where, how === 'up' ? 'a.flac' : 'b.flac');
    const { done } = begin(how, proxy.url, ann.token, path, { rate: 4 << 20, ...(id && { track: id }) });
    await Promise.race([proxy.reached(size / 3), done]);
    await server.kill();
    await server.start();
    const r = await done;
    assert.equal(r.result, 'ok');
    id ??= r.id;
  }
  assert.equal(hashOf(join(where, 'b.flac')), hash);
});

test('a transfer is no faster than it may be', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const where = folder();
  make(join(where, 'a.flac'), 3 << 20);
  const up = await carry('up', server.url, ann.token, join(where, 'a.flac'), { rate: 1 << 20 });
  const down = await carry('down', server.url, ann.token, join(where, 'b.flac'), { rate: 1 << 20, track: up.id });
  for (const { result, ms } of [up, down]) assert.ok(result === 'ok' && ms >= 1500, `${result} in ${ms} ms`);
});

test('an upload that the server does not want says why', async (t) => {
  const server = await serve(t, { keys: { max_upload: 1024 } });
  const ann = await server.register('ann');
  const where = folder();
  writeFileSync(join(where, 'a.flac'), Buffer.concat([Buffer.from('fLaC'), randomBytes(2000)]));
  assert.equal((await carry('up', server.url, ann.token, join(where, 'a.flac'))).result, 'too_large');
  assert.equal((await carry('up', server.url, ann.token, join(where, 'none.flac'))).result, 'not_found');
});

// SPDX-License-Identifier: MIT
//
// client_transfer - libantiphon's uploads and downloads, through a network that cuts them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { build, folder, serve } from './lib/antiphon.mjs';

const size = 6 << 20;

async function carry(...args) {
  const { stdout } = await promisify(execFile)(join(build, 'tests', 'client', 'carry'), args, { timeout: 90000 });
  return JSON.parse(stdout);
}

// A proxy that ends each connection after so many bytes one way.
async function cutting(t, server, bytes) {
  const target = new URL(server.url);
  const proxy = { cuts: 0 };
  const listener = createServer((client) => {
    const upstream = connect(target.port, target.hostname);
    const end = () => { client.destroy(); upstream.destroy(); };
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      let passed = 0;
      from.on('data', (data) => {
        to.write(data);
        passed += data.length;
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
  return proxy;
}

test('a file goes up and comes down the same, cut ten times each way', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const proxy = await cutting(t, server, 560_000);
  const where = folder();
  const bytes = Buffer.concat([Buffer.from('fLaC'), randomBytes(size)]);
  writeFileSync(join(where, 'a.flac'), bytes);
  const up = await carry('up', proxy.url, ann.token, join(where, 'a.flac'));
  assert.equal(up.result, 'ok');
  assert.ok(proxy.cuts >= 10, `${proxy.cuts} cuts`);
  proxy.cuts = 0;
  const down = await carry('down', proxy.url, ann.token, join(where, 'b.flac'), up.id);
  assert.deepEqual([down.result, down.events], ['ok', 1]);
  assert.ok(proxy.cuts >= 10, `${proxy.cuts} cuts`);
  assert.ok(readFileSync(join(where, 'b.flac')).equals(bytes));
  assert.ok(!existsSync(join(where, 'b.flac.part')));
});

test('a download that was cancelled goes on in another program; a part that is wrong is thrown away', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const where = folder();
  const bytes = Buffer.concat([Buffer.from('fLaC'), randomBytes(size)]);
  const path = join(where, 'b.flac');
  writeFileSync(join(where, 'a.flac'), bytes);
  const { id } = await carry('up', server.url, ann.token, join(where, 'a.flac'));
  const stopped = await carry('down', server.url, ann.token, path, id, String(size / 2));
  assert.deepEqual([stopped.result, stopped.events, existsSync(path)], ['conflict', 0, false]);
  assert.ok(statSync(path + '.part').size >= size / 2);
  const resumed = await carry('down', server.url, ann.token, path, id);
  assert.deepEqual([resumed.result, resumed.events], ['ok', 1]);
  assert.ok(readFileSync(path).equals(bytes));

  writeFileSync(path + '.part', randomBytes(1000));
  const wrong = await carry('down', server.url, ann.token, path, id);
  assert.deepEqual([wrong.result, wrong.events, statSync(path + '.part').size], ['internal', 0, 0]);
  assert.ok(readFileSync(path).equals(bytes));
  const none = await carry('down', server.url, ann.token, path, '0193a1b2-0000-7000-8000-000000000001');
  assert.equal(none.result, 'not_found');
});

test('an upload that the server does not want says why', async (t) => {
  const server = await serve(t, { keys: { max_upload: 1024 } });
  const ann = await server.register('ann');
  const where = folder();
  writeFileSync(join(where, 'a.flac'), Buffer.concat([Buffer.from('fLaC'), randomBytes(2000)]));
  assert.equal((await carry('up', server.url, ann.token, join(where, 'a.flac'))).result, 'too_large');
  assert.equal((await carry('up', server.url, ann.token, join(where, 'none.flac'))).result, 'not_found');
});

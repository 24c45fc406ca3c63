// SPDX-License-Identifier: MIT
//
// uploads - files on their way, while the page or the server goes and comes back: what has arrived is not sent again.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder } from '../scenario/lib/antiphon.mjs';
import { offset } from '../scenario/lib/tus.mjs';
import { lineTo } from './lib/line.mjs';
import { open } from './lib/stage.mjs';
import { box, message, write } from './lib/talk.mjs';

// A file on the disk: chosen twice it is the same one, to the moment of its last change.
function fileOf(name, size) {
  const bytes = randomBytes(size), path = join(folder(), name);
  writeFileSync(path, bytes);
  return { name, bytes, path };
}

// The uploads that a page asks for, as { method, path, from }.
function requests({ page }) {
  const list = [];
  page.on('request', (one) => {
    const { pathname } = new URL(one.url());
    if (/^\/api\/v1\/uploads/.test(pathname)) list.push({ method: one.method(), path: pathname, from: Number(one.headers()['upload-offset']) });
  });
  return list;
}

const patches = (sent) => sent.filter(({ method }) => method === 'PATCH');
const choose = (person, { path }) => person.page.locator('input[type=file]').setInputFiles(path);

// The server has at least so much of the upload; gives how much.
async function has(stage, person, path, least) {
  for (;;) {
    const at = await offset(stage.server, person.token, path);
    if (at >= least) return at;
    await person.page.evaluate(() => new Promise((go) => { setTimeout(go, 50); }));
  }
}

// Of so many bytes the line carries a part, and then nothing more.
async function begin(t, size, part) {
  const stage = await open(t);
  const line = await lineTo(t, stage.server);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob')];
  const file = fileOf('large.bin', size);
  await box(ann).waitFor();
  const sent = requests(ann);
  const stalled = line.stallAfter(part);
  await choose(ann, file);
  await ann.page.getByRole('progressbar', { name: 'Uploading large.bin' }).waitFor();
  await stalled;
  return { stage, line, ann, bob, file, sent };
}

async function arrives({ stage, ann, bob, file }) {
  await ann.page.getByRole('progressbar').waitFor({ state: 'detached' });
  await write(ann, 'here it is');
  const link = message(bob, 'here it is').getByRole('link', { name: /large\.bin/ });
  const got = await stage.server.api('GET', await link.getAttribute('href'), { token: bob.token });
  assert.ok(Buffer.from(await got.arrayBuffer()).equals(file.bytes), 'byte for byte');
}

test('an upload goes on after a reload of the page, from where it was', async (t) => {
  const scene = await begin(t, 6_000_000, 2_000_000);
  const { stage, line, ann, file, sent } = scene;
  await ann.page.reload();
  const [{ path }] = patches(sent);
  const at = await has(stage, ann, path, 1_700_000);
  line.flow();
  await box(ann).waitFor();
  sent.length = 0;
  await choose(ann, file);
  await arrives(scene);
  assert.deepEqual(sent.map(({ method }) => method), ['HEAD', 'PATCH'], 'no second upload was made');
  assert.deepEqual(patches(sent), [{ method: 'PATCH', path, from: at }]);
});

test('an upload goes on after the server was killed, from what was on its disk', async (t) => {
  const scene = await begin(t, 14_000_000, 10_000_000);
  const { stage, line, ann, bob, sent } = scene;
  for (const person of [ann, bob]) person.tolerates(/ERR_CONNECTION|ERR_EMPTY|ERR_SOCKET|WebSocket|fetching the script/);
  const [{ path }] = patches(sent);
  const at = await has(stage, ann, path, 8 << 20); // so many bytes a server may lose in its haste, and no more
  await stage.server.kill();
  await ann.sees('The server is out of reach');
  line.flow();
  await stage.server.start();
  await arrives(scene);
  assert.deepEqual(patches(sent).map((one) => [one.path, one.from]), [[path, 0], [path, at]]);
  assert.equal(sent.filter(({ method }) => method === 'POST').length, 1, 'no second upload was made');
});

// SPDX-License-Identifier: MIT
//
// size - what a first visit loads, and what there is in all: gzip, as the binary carries it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './lib/stage.mjs';

const FIRST = 120_000, ALL = 250_000; // bytes of script and style

const isCode = (path) => /\.(js|css)$/.test(path);

// The size of a file, as gzip. Those without a coding are sent as they are.
async function sizeOf(stage, path) {
  const r = await stage.server.api('HEAD', path, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(r.status, 200, path);
  return Number(r.headers.get('content-length'));
}

async function sum(stage, paths) {
  const sizes = await Promise.all([...paths].map((path) => sizeOf(stage, path)));
  return sizes.reduce((a, b) => a + b, 0);
}

// Script and style that the page asks for until nothing more comes.
async function loaded(person, hash) {
  const paths = new Set();
  person.page.on('request', (r) => { if (isCode(new URL(r.url()).pathname)) paths.add(new URL(r.url()).pathname); });
  await person.go(hash);
  await person.page.waitForLoadState('networkidle');
  return paths;
}

// What is named in the files reached so far, as the bundler names it: "./Name-hash.js", "assets/Name-hash.css".
async function everything(stage, first) {
  const all = new Set(first), queue = [...first];
  while (queue.length > 0) {
    const text = await (await stage.server.api('GET', queue.pop())).text();
    for (const [, name] of text.matchAll(/["'`](?:\.\/|\/?assets\/)([\w.-]+\.(?:js|css))["'`]/g)) {
      const path = `/assets/${name}`;
      if (!all.has(path)) { all.add(path); queue.push(path); }
    }
  }
  return all;
}

test(`script and style: at most ${FIRST / 1000} kB for the first page, ${ALL / 1000} kB in all`, async (t) => {
  const stage = await open(t);
  const visitor = await stage.visitor({ at: null, serviceWorkers: 'block' });
  const door = await loaded(visitor, '#/');
  const ada = await stage.person('ada', { at: null, serviceWorkers: 'block' });
  const start = await loaded(ada, '#/');
  await ada.isIn();
  const all = await everything(stage, new Set([...door, ...start]));
  assert.ok(all.size > door.size, 'there are parts that come later');
  const sizes = { door: await sum(stage, door), start: await sum(stage, start), all: await sum(stage, all) };
  t.diagnostic(JSON.stringify(sizes));
  assert.ok(sizes.door <= FIRST && sizes.start <= FIRST && sizes.all <= ALL, JSON.stringify(sizes));
});

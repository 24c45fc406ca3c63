// SPDX-License-Identifier: MIT
//
// Addresses that open by themselves (POST /links, DOWNLOAD_TRACK): for ten minutes, as long as who asked for them may.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { binary, must, seen, serve } from './lib/antiphon.mjs';
import { mp3 } from './lib/music.mjs';
import { upload } from './lib/tus.mjs';

// ann's private group with bob and a file in it.
async function setup(t) {
  const server = await serve(t);
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const chat = await server.connect('/chat', ann.token);
  const { group } = await must(chat, 'GROUP_CREATED', { name: 'ours', kind: 'private', members: [bob.user.id] });
  const { url } = await must(chat, 'FILE_UPLOADED', { groupId: group.id, fileName: 'a.txt', data: Buffer.from('secret') });
  return { server, ann, bob, chat, group, path: url };
}

const link = (server, token, path) => server.api('POST', '/api/v1/links', { token, body: { path } });
const open = async (server, url) => (await server.api('GET', url)).status;

async function made(server, token, path) {
  const r = await link(server, token, path);
  assert.equal(r.status, 200);
  return r.json();
}

test('a file has one address for all, which opens for members; a link opens by itself', async (t) => {
  const { server, bob, path } = await setup(t);
  assert.match(path, /^\/api\/v1\/files\/[0-9a-f-]{36}$/);
  assert.equal(await open(server, path), 401);
  const { url, expiresAt } = await made(server, bob.token, path);
  assert.equal(await (await server.api('GET', url)).text(), 'secret');
  const left = new Date(expiresAt) - Date.now();
  assert.ok(left > 9 * 60_000 && left <= 10 * 60_000, `ends in ${left} ms`);
});

test('what cannot be opened gets no link', async (t) => {
  const { server, ann, path } = await setup(t);
  const eve = await server.register('eve');
  const gone = path.replace(/.$/, (c) => (c === '0' ? '1' : '0'));
  const cases = [
    [undefined, path, 401], [eve.token, path, 403], [ann.token, gone, 404], [ann.token, `${path}?x=1`, 400],
    [ann.token, '/api/v1/sessions', 400], [ann.token, 'https://example.org/', 400], [ann.token, `${path}/`, 400],
  ];
  for (const [token, asked, status] of cases) assert.equal((await link(server, token, asked)).status, status, asked);
});

test('nothing of a link can be changed', async (t) => {
  const { server, ann, bob, path } = await setup(t);
  const { url } = await made(server, bob.token, path);
  const change = (key, value) => {
    const u = new URL(url, server.url);
    if (value === null) u.searchParams.delete(key);
    else u.searchParams.set(key, value);
    return u.pathname + u.search;
  };
  const cases = [
    ['user', ann.user.id], ['session', ann.user.id], ['exp', '99999999999'], ['sig', ''], ['sig', 'x'.repeat(43)],
    ['user', null], ['session', null], ['exp', null], ['exp', `0${new URL(url, server.url).searchParams.get('exp')}`],
  ];
  for (const [key, value] of cases) {
    assert.equal(await open(server, change(key, value)), 401, `${key}=${value}`);
    const r = await server.api('GET', change(key, value), { token: ann.token });
    assert.equal(r.status, 401, 'a wrong signature beside a good token');
  }
});

const endings = [
  ['the session', 401, ({ server, bob }) => server.api('DELETE', '/api/v1/sessions/current', { token: bob.token })],
  ['the membership', 403, ({ chat, group, bob }) => must(chat, 'GROUP_MEMBER_REMOVED', { groupId: group.id, userId: bob.user.id })],
  ['a suspension', 401, async ({ server, bob }) => {
    const admin = await server.register('root', { invite: server.adminCode });
    return server.api('PATCH', `/api/v1/users/${bob.user.id}`, { token: admin.token, body: { suspended: true } });
  }],
  ['a new key', 401, ({ server }) => {
    const r = spawnSync(binary, ['--rotate-url-key', '--data', server.data]);
    assert.equal(r.status, 0, String(r.stderr));
  }],
];
for (const [what, status, end] of endings) {
  test(`a link ends with ${what}`, async (t) => {
    const all = await setup(t);
    const { url } = await made(all.server, all.bob.token, all.path);
    assert.equal(await open(all.server, url), 200);
    await end(all);
    assert.equal(await open(all.server, url), status);
  });
}

test('DOWNLOAD_TRACK gives a link, the catalogue plain paths', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const music = await server.connect('/music', ann.token);
  await must(music, 'USER_CONNECT', {});
  const uploadId = await upload(server, ann.token, mp3(), { purpose: 'track', filename: 'a.mp3' });
  const { track } = await must(music, 'PUBLISH_TRACK', { title: 'x', uploadId });
  assert.equal(track.audio.url, `/api/v1/tracks/${track.id}/audio`);
  await must(music, 'DOWNLOAD_TRACK', { id: track.id });
  const told = await seen(music, 'DOWNLOAD_TRACK');
  assert.equal(await open(server, told.audio.url), 200);
});

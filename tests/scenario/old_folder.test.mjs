// SPDX-License-Identifier: MIT
//
// old_folder - a data folder of version 0.1.0 opens with all that is in it, and its search index is made anew.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, must, refused, serve, top } from './lib/antiphon.mjs';

const messages = 4500;
const id = (kind, n) => `019e${kind.toString(16).padStart(2, '0')}00-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const lobby = '01900000-0000-7000-8000-000000000001';
const team = id(4, 2);
const token = (name) => `token-of-${name}`.padEnd(43, 'x');

function oldFolder() {
  const data = join(folder(), 'data');
  execFileSync('python3', [join(top, 'tests', 'scenario', 'lib', 'old_folder.py'), join(top, 'sql'), data]);
  return data;
}

// Every message of a group, by pages.
async function history(socket, groupId) {
  const all = [];
  for (let more = true, after = 0; more; after = all.at(-1).seq) {
    const page = await must(socket, 'GET_HISTORY', { groupId, afterSeq: after, limit: 200 });
    all.push(...page.messages);
    ({ more } = page);
  }
  return all;
}

test('what people wrote is all there', async (t) => {
  const server = await serve(t, { data: oldFolder() });
  const anna = await server.connect('/chat', token('anna'));
  const { data } = await must(anna, 'GET_SNAPSHOT', {});
  assert.equal(data.me.role, 'admin');
  assert.deepEqual(data.settings, { theme: { dark: true } });
  assert.deepEqual(data.groups.map((g) => [g.name, g.kind, g.lastSeq]), [
    ['lobby', 'channel', messages], ['team', 'private', 3], ['', 'direct', 1], ['News', 'channel', 0],
  ]);
  assert.equal(data.unread[lobby], 5);
  assert.deepEqual(data.notifications.map((n) => n.notificationType), ['security']);
  assert.deepEqual((await history(anna, lobby)).map((m) => m.seq), Array.from({ length: messages }, (_, i) => i + 1));
  const [secret, answer, gone] = await history(anna, team);
  assert.equal(secret.message, 'a secret of the team');
  assert.deepEqual(secret.reactions, [{ reaction: '👍', userIds: [id(1, 2)] }]);
  assert.equal(secret.tracks[0].title, 'Ältere Weise');
  assert.equal(answer.replyTo, secret.messageId);
  assert.ok(answer.editedAt);
  assert.ok(gone.deletedAt);
  const file = await server.api('GET', `/api/v1/files/${secret.files[0].fileId}`, { token: token('anna') });
  assert.equal(await file.text(), 'the words of an old file');
});

test('its words are found, by members alone', async (t) => {
  const server = await serve(t, { data: oldFolder() });
  const anna = await server.connect('/chat', token('anna'));
  const carl = await server.connect('/chat', token('carl'));
  const find = async (socket, query) => (await must(socket, 'SEARCH_MESSAGES', { query })).messages.map((m) => m.seq);
  assert.deepEqual(await find(anna, 'zurich'), [4007, 3007, 2007, 1007, 7]);
  assert.deepEqual(await find(anna, 'message 4500'), [4500]);
  assert.deepEqual(await find(anna, 'secr'), [1]);
  assert.deepEqual(await find(carl, 'secr'), []);
  await refused(carl, 'SEARCH_MESSAGES', { query: 'secret', groupId: team });
  await must(anna, 'MESSAGE_EDITED', { messageId: id(5, messages + 1), message: 'other words' });
  assert.deepEqual(await find(anna, 'secret'), []);
  assert.deepEqual(await find(anna, 'other'), [1]);
});

test('its tracks are there, and found', async (t) => {
  const server = await serve(t, { data: oldFolder() });
  const music = await server.connect('/music', token('bert'));
  await must(music, 'USER_CONNECT', {});
  const titles = async (payload) => (await must(music, 'LIST_TRACKS', payload)).tracks.map((x) => x.title);
  assert.deepEqual(await titles({}), ['Younger Tune', 'Ältere Weise']);
  assert.deepEqual(await titles({ query: 'altere' }), ['Ältere Weise']);
  assert.deepEqual(await titles({ query: 'suss' }).then((l) => l.length), 2);
  assert.deepEqual(await titles({ tag: 'live', sort: 'title' }).then((l) => l.length), 2);
  const { track } = await must(music, 'GET_TRACK', id(7, 2));
  assert.deepEqual([track.comments[0].text, track.ratings[0].value, track.downloads], ['a comment on Younger Tune', 5, 7]);
  const audio = await server.api('GET', `/api/v1/tracks/${track.id}/audio`, { token: token('bert') });
  assert.equal(await audio.text(), 'OggS of an old song');
});

test('people sign in with their old passwords, and invites hold', async (t) => {
  const server = await serve(t, { data: oldFolder() });
  const signIn = (username, password) => server.api('POST', '/api/v1/sessions', { body: { username, password } });
  assert.equal((await signIn('anna', 'an old password of anna')).status, 201);
  assert.equal((await signIn('anna', 'another password')).status, 401);
  const made = await server.api('POST', '/api/v1/accounts', { body: { username: 'newcomer', password: 'correct horse', invite: 'an-old-invite' } });
  assert.equal(made.status, 201);
});

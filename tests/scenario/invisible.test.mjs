// SPDX-License-Identifier: MIT
//
// invisible - who is invisible is announced and listed nowhere, and cannot be told from who is absent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, must, serve, settle } from './lib/antiphon.mjs';

// What ann can find out about a user, by every list and question there is.
async function known(chat, music, group, id) {
  const of = (users) => users.filter((u) => u.id === id).map((u) => [u.status, u.statusText]);
  const changes = (await must(music, 'LIST_CHANGES', { afterRev: 0 })).changes.map((c) => c.object);
  return {
    connected: of((await must(music, 'LIST_USERS', { connected: true })).users),
    others: of((await must(music, 'LIST_USERS', { connected: false })).users),
    user: of([(await must(music, 'GET_USER', id)).user]),
    entered: of((await must(music, 'USER_CONNECT', {})).users),
    members: of((await must(chat, 'LIST_MEMBERS', { groupId: group.id })).users),
    snapshot: of((await must(chat, 'GET_SNAPSHOT', {})).data.users),
    changes: of(changes),
  };
}

test('the invisible are found by no list, and look like the absent', async (t) => {
  const server = await serve(t, { keys: { presence_grace: 0 } });
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const [chat, music] = [await server.connect('/chat', ann.token), await server.connect('/music', ann.token)];
  await must(music, 'USER_CONNECT', {});
  const [bobChat, bobMusic] = [await server.connect('/chat', bob.token), await server.connect('/music', bob.token)];
  await must(bobMusic, 'USER_CONNECT', {});
  const { group } = await must(chat, 'GROUP_CREATED', { name: 'ours', kind: 'private', members: [bob.user.id] });
  await must(chat, 'USER_CHANGED_GROUP', { newChannelId: { id: group.id } });

  await must(bobChat, 'USER_STATUS_CHANGED', { newStatus: 'busy', statusText: 'listening' });
  const present = await known(chat, music, group, bob.user.id);
  for (const [list, found] of Object.entries(present)) assert.deepEqual(found, list === 'others' ? [] : [['busy', 'listening']], list);
  const { rev } = await must(music, 'LIST_CHANGES', { afterRev: 0 });

  await must(bobChat, 'USER_STATUS_CHANGED', { newStatus: 'offline' });
  await settle(chat, music);
  const before = [chat.seen.length, music.seen.length];
  await must(bobChat, 'USER_STATUS_CHANGED', { newStatus: 'offline', statusText: 'hiding' });
  await must(bobChat, 'TYPING', { groupId: group.id });
  await must(bobChat, 'USER_CHANGED_GROUP', { newChannelId: { id: group.id } });
  await must(await server.connect('/music', bob.token), 'USER_CONNECT', {});
  await settle(chat, music);
  assert.deepEqual([...chat.seen.slice(before[0]), ...music.seen.slice(before[1])], []);
  assert.deepEqual((await must(music, 'LIST_CHANGES', { afterRev: rev })).changes, [], 'no rev tells of it');
  const invisible = await known(chat, music, group, bob.user.id);

  await must(bobChat, 'USER_STATUS_CHANGED', { newStatus: 'busy' });
  await must(bobChat, 'USER_STATUS_CHANGED', { newStatus: 'online' });
  for (const s of server.sockets) if (s !== chat && s !== music) s.disconnect();
  await settle(chat, music);
  while ((await must(music, 'LIST_USERS', { connected: true })).users.length > 1);
  while ((await ask(chat, 'LIST_MEMBERS', { groupId: group.id })).users.some((u) => u.id === bob.user.id && u.status !== 'offline'));
  assert.deepEqual(invisible, await known(chat, music, group, bob.user.id));
  assert.deepEqual(invisible.user, [['offline', '']]);
});

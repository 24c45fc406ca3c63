// SPDX-License-Identifier: MIT
//
// chat - what /chat refuses and by which name, and how presence is told where many would hear it.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, must, refused, seen, serve, settle } from './lib/antiphon.mjs';

const nothing = '00000000-0000-0000-0000-0000000000ff';

test('each request of /chat is refused by the error that fits, and nobody else notices', async (t) => {
  const server = await serve(t, { keys: { groups_per_user: 3, user_quota: 1024 } });
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const [chat, other] = [await server.connect('/chat', ann.token), await server.connect('/chat', bob.token)];
  const { group } = await must(chat, 'GROUP_CREATED', { name: 'ours', kind: 'private', members: [bob.user.id] });
  const channels = [];
  for (const name of ['one', 'two', 'three']) channels.push((await must(other, 'GROUP_CREATED', { name }).catch(() => null))?.group);
  const lobby = (await must(chat, 'LIST_GROUPS', { query: 'lobby' })).groups[0].id;
  const kept = await must(chat, 'MESSAGE_SENT', { message: 'kept' });
  const gone = await must(chat, 'MESSAGE_SENT', { message: 'gone' });
  await must(chat, 'MESSAGE_DELETED', { messageId: gone.messageId });
  for (const channel of channels.slice(0, 2)) await must(chat, 'GROUP_MEMBER_ADDED', { groupId: channel.id });
  const { group: fourth } = await must(await server.connect('/chat', (await server.register('cat')).token), 'GROUP_CREATED', { name: 'fourth' });
  await settle(other);
  const before = other.seen.length;

  const table = [
    ['MESSAGE_SENT', { message: 'x', trackIds: [nothing] }, 'not_found'],
    ['MESSAGE_SENT', { groupId: group.id, message: 'x', replyTo: kept.messageId }, 'forbidden'],
    ['FILE_UPLOADED', { groupId: nothing, fileName: 'a', data: Buffer.from('x') }, 'not_found'],
    ['FILE_UPLOADED', { groupId: lobby, fileName: 'a', data: Buffer.alloc(1025) }, 'too_large'],
    ['GROUP_CREATED', { name: 'one' }, 'conflict'],
    ['GROUP_CREATED', { name: 'five' }, 'too_large'],
    ['GROUP_MEMBER_ADDED', { groupId: nothing }, 'not_found'],
    ['GROUP_MEMBER_ADDED', { groupId: group.id, userId: nothing }, 'not_found'],
    ['GROUP_MEMBER_ADDED', { groupId: group.id, userId: bob.user.id }, 'conflict'],
    ['GROUP_MEMBER_ADDED', { groupId: fourth.id }, 'too_large'],
    ['GROUP_MEMBER_REMOVED', { groupId: nothing }, 'not_found'],
    ['GROUP_MEMBER_REMOVED', { groupId: group.id, userId: nothing }, 'not_found'],
    ['GROUP_MEMBER_REMOVED', { groupId: lobby }, 'forbidden'],
    ['USER_CHANGED_GROUP', { newChannelId: { id: nothing } }, 'not_found'],
    ['USER_CHANGED_GROUP', { newChannelId: { id: fourth.id } }, 'too_large'],
    ['GET_HISTORY', { groupId: lobby, beforeSeq: 2, afterRev: 1 }, 'bad_request'],
    ['SEARCH_MESSAGES', { query: 'x', groupId: nothing }, 'not_found'],
    ['SEARCH_MESSAGES', { query: '?!' }, 'bad_request'],
    ['LIST_MEMBERS', { groupId: nothing }, 'not_found'],
    ['LIST_MEMBERS', { groupId: lobby, cursor: '!!' }, 'bad_request'],
    ['MESSAGE_READ', { groupId: nothing, seq: 0 }, 'not_found'],
    ['MESSAGE_READ', { groupId: lobby, seq: 3 }, 'bad_request'],
    ['MESSAGE_EDITED', { messageId: nothing, message: 'x' }, 'not_found'],
    ['MESSAGE_EDITED', { messageId: gone.messageId, message: 'x' }, 'conflict'],
    ['MESSAGE_DELETED', { messageId: nothing }, 'not_found'],
    ['MESSAGE_DELETED', { messageId: gone.messageId }, 'not_found'],
    ['MESSAGE_REACTION', { messageId: gone.messageId, reaction: ':ok:', on: true }, 'conflict'],
    ['MESSAGE_REACTION', { messageId: kept.messageId, reaction: 'ok', on: true }, 'bad_request'],
    ['TYPING', { groupId: nothing }, 'forbidden'],
    ['NOTIFICATION_READ', { notificationId: 'some' }, 'bad_request'],
  ];
  for (const [event, payload, code] of table) {
    assert.equal(await refused(chat, event, payload), code, `${event} ${JSON.stringify(payload)}`);
  }
  await settle(other);
  assert.deepEqual(other.seen.slice(before), []);
  const { messages } = await must(chat, 'GET_HISTORY', { groupId: lobby });
  assert.deepEqual(messages.map((m) => m.seq), [1, 2]);
});

test('above presence_fanout the others hear of presence by a digest, and those concerned at once', async (t) => {
  const server = await serve(t, { keys: { presence_fanout: 1 } });
  const [ann, bob, cat] = [await server.register('ann'), await server.register('bob'), await server.register('cat')];
  const watch = {};
  for (const [name, who] of Object.entries({ ann, bob })) {
    watch[name] = { chat: await server.connect('/chat', who.token), music: await server.connect('/music', who.token) };
    await must(watch[name].music, 'USER_CONNECT', {});
  }
  await must(watch.ann.chat, 'GROUP_CREATED', { kind: 'direct', members: [cat.user.id] });
  const chat = await server.connect('/chat', cat.token);
  const music = await server.connect('/music', cat.token);
  await must(music, 'USER_CONNECT', {});
  await seen(watch.ann.chat, 'USER_CONNECTED', (d) => d.userId === cat.user.id);
  for (const namespace of ['chat', 'music']) {
    const digest = await seen(watch.bob[namespace], 'DATA_RECEIVED', (d) => d.dataType === 'presence' && d.data.connected.includes(cat.user.id));
    assert.equal(digest.data.online, 3);
  }
  assert.ok(!watch.bob.chat.seen.some((s) => s.event === 'USER_CONNECTED' && s.data.userId === cat.user.id));
  chat.disconnect();
  await seen(watch.bob.chat, 'DATA_RECEIVED', (d) => d.dataType === 'presence' && d.data.disconnected.includes(cat.user.id));
  assert.ok((await ask(watch.ann.chat, 'GET_SNAPSHOT', {})).ok);
});

test('the bytes of a refused upload do not stay on the disk, those of a file with the same content do', async (t) => {
  const server = await serve(t, { keys: { user_quota: 4096 } });
  const { token } = await server.register('ann');
  const [chat, music] = [await server.connect('/chat', token), await server.connect('/music', token)];
  await must(music, 'USER_CONNECT', {});
  const blobs = () => readdirSync(join(server.data, 'blobs'), { recursive: true }).filter((f) => statSync(join(server.data, 'blobs', f)).isFile()).length;
  const audio = Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(3000, 1)]);
  for (const [socket, event, payload, code] of [
    [chat, 'FILE_UPLOADED', { groupId: nothing, fileName: 'a', data: Buffer.from('to nobody') }, 'not_found'],
    [chat, 'FILE_UPLOADED', { fileName: 'a', data: Buffer.alloc(4097) }, 'too_large'],
    [music, 'PUBLISH_TRACK', { title: 't', audio, uploadId: nothing }, 'bad_request'],
    [music, 'PUBLISH_TRACK', { title: 't', audio, coverUploadId: nothing }, 'not_found'],
  ]) {
    assert.equal(await refused(socket, event, payload), code);
    await must(chat, 'USER_SETTINGS_UPDATED', { settingName: 'a', newValue: 1 }); // a commit behind it
    assert.equal(blobs(), 0, `${event} ${code}`);
  }
  await must(chat, 'FILE_UPLOADED', { fileName: 'a', data: audio });
  assert.equal(await refused(music, 'PUBLISH_TRACK', { title: 't', audio }), 'too_large');
  await must(chat, 'USER_SETTINGS_UPDATED', { settingName: 'a', newValue: 1 });
  assert.equal(blobs(), 1);
});

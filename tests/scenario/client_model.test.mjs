// SPDX-License-Identifier: MIT
//
// client_model - libantiphon's model against antiphond: two C clients and one of npm; each event as often as
// protocol.md's table says, and after a restart of either side only what differs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { build, folder, must, seen, serve } from './lib/antiphon.mjs';
import { Follow } from './lib/follow.mjs';

const audio = Buffer.from('fLaC' + '\0'.repeat(100));
const count = (list, name) => list.filter((e) => e === name).length;

// The public port stays the same over a restart.
async function restart(server) {
  const address = new URL(server.url).host;
  await server.stop();
  server.arguments = ((original) => () => original.call(server).map((a) => (a === '127.0.0.1:0' ? address : a)))(server.arguments);
  return async () => server.start();
}

for (const driver of ['loop', 'thread']) {
  test(`${driver}: every model event exactly as often as the table says`, async (t) => {
    const server = await serve(t);
    const [ann, bob, cleo] = await Promise.all(['ann', 'bob', 'cleo'].map((n) => server.register(n)));
    const a = new Follow(t, server, ann.token, { driver });
    await a.event('SYNCHRONISED');
    assert.deepEqual(a.events(), ['NEW_USERS', 'NEW_TRACKS', 'SYNCHRONISED']);

    const b = new Follow(t, server, bob.token, { driver });
    await b.event('SYNCHRONISED');
    const music = await server.connect('/music', cleo.token);
    await must(music, 'USER_CONNECT', {});
    await a.event('NEW_USER', (u) => u.username === 'cleo');

    const published = await a.ask('/music', 'PUBLISH_TRACK', { title: 'none' });
    assert.equal(published.result, 'bad_request');
    const { track } = await must(music, 'PUBLISH_TRACK', { title: 'one', audio });
    await b.event('NEW_TRACK');
    await a.event('NEW_TRACK');
    assert.equal((await a.ask('/music', 'PUBLISH_COMMENT', { trackId: track.id, text: 'fine' })).result, 'ok');
    assert.equal((await b.ask('/music', 'PUBLISH_RATING', { trackId: track.id, value: 4 })).result, 'ok');
    assert.equal((await b.ask('/music', 'USER_UPDATE', { bio: 'b' })).result, 'ok');
    await must(music, 'UPDATE_TRACK', { id: track.id, title: 'two' });
    await must(music, 'UNPUBLISH_TRACK', { id: track.id });
    music.disconnect();
    const expected = ['NEW_TRACK', 'NEW_COMMENT', 'NEW_RATING', 'UPDATE_USER', 'UPDATE_TRACK', 'DELETE_TRACK', 'DELETE_USER'];
    for (const client of [a, b]) {
      await client.event('DELETE_USER', (u) => u.username === 'cleo');
      const events = client.events();
      for (const name of expected) assert.equal(count(events, name), 1, `${name} in ${events}`);
      for (const name of ['NEW_USERS', 'NEW_TRACKS', 'SYNCHRONISED']) assert.equal(count(events, name), 1);
      const state = await client.state();
      assert.deepEqual([state.users, state.tracks, state.comments, state.ratings], [2, 0, 0, 0]);
    }
    assert.equal(count(a.events(), 'NEW_USER'), 2); // bob and cleo
    assert.equal(count(b.events(), 'NEW_USER'), 1);
    await a.end();
    await b.end();
  });

  test(`${driver}: chat events come once, one's own message too`, async (t) => {
    const server = await serve(t);
    const [ann, bob] = await Promise.all(['ann', 'bob'].map((n) => server.register(n)));
    const a = new Follow(t, server, ann.token, { driver });
    const b = new Follow(t, server, bob.token, { driver });
    await a.event('SYNCHRONISED');
    await b.event('SYNCHRONISED');
    const created = await a.ask('/chat', 'GROUP_CREATED', { name: 'room', kind: 'private', members: [bob.user.id] });
    const groupId = created.json.group.id;
    await b.event('GROUP_CREATED');
    assert.equal((await a.ask('/chat', 'MESSAGE_SENT', { groupId, message: 'hello' })).result, 'ok');
    const message = await b.event('MESSAGE_RECEIVED');
    assert.equal(message.message, 'hello');
    assert.match(message.clientId, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    assert.equal((await b.ask('/chat', 'MESSAGE_REACTION', { messageId: message.messageId, reaction: ':ok:', on: true })).result, 'ok');
    await a.event('MESSAGE_REACTION');
    assert.equal((await a.ask('/chat', 'MESSAGE_EDITED', { messageId: message.messageId, message: 'hi' })).result, 'ok');
    await b.event('MESSAGE_EDITED');
    assert.equal((await a.ask('/chat', 'MESSAGE_DELETED', { messageId: message.messageId })).result, 'ok');
    await b.event('MESSAGE_DELETED');
    assert.equal((await a.ask('/chat', 'USER_SETTINGS_UPDATED', { settingName: 'x', newValue: { y: 1 } })).result, 'ok');
    assert.equal((await a.ask('/chat', 'GET_HISTORY', { groupId })).json.messages.length, 1);
    assert.equal((await a.ask('/chat', 'GET_HISTORY', { groupId, limit: 0 })).result, 'bad_request');
    for (const name of ['MESSAGE_SENT', 'MESSAGE_REACTION']) assert.equal(count(a.events(), name), 1, name);
    for (const name of ['GROUP_CREATED', 'MESSAGE_RECEIVED', 'MESSAGE_EDITED', 'MESSAGE_DELETED']) assert.equal(count(b.events(), name), 1, name);
    for (const name of ['MESSAGE_EDITED', 'MESSAGE_DELETED', 'MESSAGE_RECEIVED']) assert.equal(count(a.events(), name), 0, name);
    assert.equal((await a.state()).messages, 1);
    await a.end();
    await b.end();
  });
}

test('a server that restarts: only what differs is told, and messages that waited are stored once', async (t) => {
  const server = await serve(t);
  const [ann, cleo] = await Promise.all(['ann', 'cleo'].map((n) => server.register(n)));
  const a = new Follow(t, server, ann.token);
  await a.event('SYNCHRONISED');
  const lobby = (await a.ask('/chat', 'GET_SNAPSHOT')).json.data.groups[0].id;
  const music = await server.connect('/music', cleo.token);
  await must(music, 'USER_CONNECT', {});
  const { track } = await must(music, 'PUBLISH_TRACK', { title: 'kept', audio });
  await a.event('NEW_TRACK');
  await a.event('NEW_USER');

  const from = a.lines.length;
  const start = await restart(server); // it ends cleo's socket too
  await a.event('CONNECTION_ERROR');
  for (let i = 0; i < 3; i++) a.say('/chat', 'MESSAGE_SENT', { groupId: lobby, message: `waited ${i}` });
  assert.equal((await a.ask('/music', 'GET_TRACK', track.id)).result, 'unavailable');
  assert.equal((await a.state()).waiting, 3);
  await start();
  await a.event('SYNCHRONISED', () => true, from);
  await a.event('MESSAGE_SENT', (m) => m.message === 'waited 2', from);
  assert.deepEqual(a.events(from).sort(), ['DELETE_USER', 'MESSAGE_SENT', 'MESSAGE_SENT', 'MESSAGE_SENT', 'SYNCHRONISED'].sort());
  const chat = await server.connect('/chat', cleo.token);
  const { messages } = await must(chat, 'GET_HISTORY', { groupId: lobby });
  assert.deepEqual(messages.map((m) => m.message), ['waited 0', 'waited 1', 'waited 2']);
  assert.equal((await a.state()).waiting, 0);
  await a.end();
});

test('a program that starts again begins with what it knew, and hears what it missed', async (t) => {
  const server = await serve(t);
  const [ann, cleo] = await Promise.all(['ann', 'cleo'].map((n) => server.register(n)));
  const data = [join(folder(), 'client')];
  const first = new Follow(t, server, ann.token, { data });
  await first.event('SYNCHRONISED');
  const music = await server.connect('/music', cleo.token);
  const chat = await server.connect('/chat', cleo.token);
  const { data: snapshot } = await seen(chat, 'DATA_RECEIVED');
  const lobby = snapshot.groups[0].id;
  await must(music, 'USER_CONNECT', {});
  const one = await must(music, 'PUBLISH_TRACK', { title: 'one', audio });
  await must(music, 'PUBLISH_TRACK', { title: 'two', audio });
  await must(chat, 'MESSAGE_SENT', { groupId: lobby, message: 'first' });
  await first.event('MESSAGE_RECEIVED');
  await first.event('NEW_TRACK', (x) => x.title === 'two');
  await first.end();

  await must(music, 'UNPUBLISH_TRACK', { id: one.track.id });
  await must(music, 'PUBLISH_TRACK', { title: 'three', audio });
  await must(chat, 'MESSAGE_SENT', { groupId: lobby, message: 'second' });
  const second = new Follow(t, server, ann.token, { data });
  await second.event('SYNCHRONISED');
  assert.deepEqual(second.events().sort(), ['DELETE_TRACK', 'MESSAGE_RECEIVED', 'NEW_TRACK', 'NEW_TRACKS', 'NEW_USERS', 'SYNCHRONISED']);
  const state = await second.state();
  assert.deepEqual(state.titles, ['two', 'three']);
  assert.equal(state.messages, 2);
  await second.end();

  await server.stop();
  const offline = new Follow(t, server, ann.token, { data });
  await offline.event('CONNECTION_ERROR');
  assert.deepEqual((await offline.state()).titles, ['two', 'three']);
  await offline.end();
});

test('two programs share a data folder: both follow, and the next one knows what they knew', async (t) => {
  const server = await serve(t);
  const [ann, cleo] = await Promise.all(['ann', 'cleo'].map((n) => server.register(n)));
  const data = [join(folder(), 'client')];
  const both = [new Follow(t, server, ann.token, { data }), new Follow(t, server, ann.token, { data, driver: 'thread' })];
  for (const one of both) await one.event('SYNCHRONISED');
  const music = await server.connect('/music', cleo.token), chat = await server.connect('/chat', cleo.token);
  const { data: snapshot } = await seen(chat, 'DATA_RECEIVED');
  await must(music, 'USER_CONNECT', {});
  for (let i = 0; i < 30; i++) {
    await must(music, 'PUBLISH_TRACK', { title: `track ${i}`, audio });
    await must(chat, 'MESSAGE_SENT', { groupId: snapshot.groups[0].id, message: `message ${i}` });
  }
  for (const one of both) {
    await one.event('NEW_TRACK', (x) => x.title === 'track 29');
    await one.event('MESSAGE_RECEIVED', (m) => m.message === 'message 29');
    await one.end();
  }
  const next = new Follow(t, server, ann.token, { data });
  await next.event('SYNCHRONISED');
  assert.deepEqual(next.events().filter((e) => /TRACK$|MESSAGE/.test(e)), []);
  const state = await next.state();
  assert.deepEqual([state.tracks, state.messages], [30, 30]);
  await next.end();
});

test('a token that is none: CONNECTION_ERROR says unauthorized', async (t) => {
  const server = await serve(t);
  const a = new Follow(t, server, 'nonsense');
  assert.equal((await a.event('CONNECTION_ERROR')).errorCode, 'unauthorized');
  await a.end();
});

for (const driver of ['', 'thread']) {
  test(`calls that wait ${driver && 'for a thread'}`.trim(), async (t) => {
    const server = await serve(t);
    await promisify(execFile)(join(build, 'tests', 'client', 'calls'), [server.url, ...(driver ? [driver] : [])], { timeout: 60000 });
  });
}

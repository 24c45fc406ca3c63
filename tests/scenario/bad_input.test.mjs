// SPDX-License-Identifier: MIT
//
// bad_input - everything that a client can send wrong: the named error, nothing changed, nobody else notices.
// The payloads are made wrong by the server's own /asyncapi.json, so that a new event is covered at once.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import WebSocket from 'ws';
import { ask, must, refused, seen, serve, settle } from './lib/antiphon.mjs';

const id = '0193a1b2-0000-7000-8000-00000000abcd';

function resolve(document, schema) {
  return schema?.$ref ? document.components.schemas[schema.$ref.split('/').pop()] : schema;
}

// A value that the schema takes.
function good(document, schema) {
  schema = resolve(document, schema);
  if (schema.anyOf) return good(document, schema.anyOf[0]);
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'uuid') return id;
  if (schema.format === 'date-time') return '2026-11-22T09:01:00.000Z';
  switch (schema.type) {
    case 'string': return 'x'.repeat(Math.max(1, schema.minLength));
    case 'integer': return Math.max(1, schema.minimum);
    case 'number': return 1;
    case 'boolean': return true;
    case 'array': return [];
    case 'object': return Object.fromEntries((schema.required ?? []).map((k) => [k, good(document, schema.properties[k])]));
    default: return Buffer.from('bytes');
  }
}

// Values that it does not take, each with a word.
function* wrong(document, schema) {
  schema = resolve(document, schema);
  if (schema.anyOf) schema = resolve(document, schema.anyOf[0]);
  if (!schema.type) return; // any JSON, or bytes
  if (schema.type !== 'object') yield ['an object', { a: 1 }];
  if (schema.type !== 'boolean') yield ['a boolean', true];
  if (schema.type !== 'array') yield ['a list', [1]];
  if (schema.type === 'string') {
    yield ['a number', 5];
    yield ['NUL', 'a\0b'];
    yield ['half a surrogate', 'a\ud800'];
    if (schema.maxLength) yield ['one character more than the limit', 'é'.repeat(schema.maxLength + 1)];
    if (schema.minLength > 0) yield ['nothing', ''];
    if (schema.format || schema.enum) yield ['another word', 'nonsense'];
  }
  if (schema.type === 'integer') {
    yield ['a string', '1'];
    yield ['a fraction', 1.5];
    yield ['less than the least', schema.minimum - 1];
    if (schema.maximum) yield ['one more than the most', schema.maximum + 1];
  }
  if (schema.type === 'array') {
    yield ['a list of the wrong thing', [{}]];
    yield ['one element more than the limit', Array(schema.maxItems + 1).fill(good(document, schema.items))];
  }
}

function* cases(document, message) {
  const schema = resolve(document, message.payload);
  const whole = good(document, schema);
  if (schema.type === 'string') {
    for (const [word, value] of wrong(document, schema)) yield [word, value];
    return;
  }
  yield ['a string in place of the object', 'text'];
  yield ['a list in place of the object', []];
  for (const key of schema.required) {
    yield [`no ${key}`, { ...whole, [key]: undefined }];
    if (resolve(document, schema.properties[key]).type) yield [`null for ${key}`, { ...whole, [key]: null }];
  }
  for (const [key, property] of Object.entries(schema.properties)) {
    for (const [word, value] of wrong(document, property)) yield [`${word} for ${key}`, { ...whole, [key]: value }];
  }
}

test('every field of every event, made wrong in every way, is bad_request by name', async (t) => {
  const server = await serve(t);
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const document = await (await server.api('GET', '/asyncapi.json')).json();
  const sockets = { music: await server.connect('/music', ann.token), chat: await server.connect('/chat', ann.token) };
  const others = { music: await server.connect('/music', bob.token), chat: await server.connect('/chat', bob.token) };
  await must(sockets.music, 'USER_CONNECT', {});
  await must(others.music, 'USER_CONNECT', {});
  await seen(sockets.chat, 'USER_CONNECTED');
  await settle(others.music, others.chat);
  const before = [others.music.seen.length, others.chat.seen.length];

  let tried = 0;
  for (const [name, operation] of Object.entries(document.operations)) {
    if (operation.action !== 'receive' || name.endsWith('_connect') && !name.startsWith('user')) continue;
    const channel = operation.channel.$ref.split('/').pop();
    const message = document.components.messages[name];
    for (const [what, payload] of cases(document, message)) {
      const schema = resolve(document, message.payload);
      if (schema.type === 'object' && Object.keys(schema.properties).length === 0 && typeof payload === 'object' && !Array.isArray(payload)) continue;
      const answer = await ask(sockets[channel], message.name, payload);
      assert.equal(answer.ok, false, `${message.name} with ${what} was taken: ${JSON.stringify(answer).slice(0, 200)}`);
      assert.equal(answer.error.errorCode, 'bad_request', `${message.name} with ${what}: ${JSON.stringify(answer.error)}`);
      const key = / for (\w+)$|^no (\w+)$/.exec(what);
      if (key) assert.ok(answer.error.errorMessage.includes('`'), `${message.name} with ${what} names no field: ${answer.error.errorMessage}`);
      tried++;
    }
  }
  assert.ok(tried > 300, `${tried} cases`);
  await settle(others.music, others.chat);
  assert.deepEqual([others.music.seen.length, others.chat.seen.length], before, 'the others noticed nothing');
});

test('unknown events, wrong order, strangers’ objects', async (t) => {
  const server = await serve(t);
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const music = await server.connect('/music', ann.token);
  const chat = await server.connect('/chat', ann.token);
  const bobChat = await server.connect('/chat', bob.token);
  const bobMusic = await server.connect('/music', bob.token);
  await must(bobMusic, 'USER_CONNECT', {});

  assert.equal(await refused(music, 'LIST_TRACKS', {}), 'unauthorized');
  assert.equal(await refused(music, 'NO_SUCH_EVENT', {}), 'unknown_event');
  assert.equal(await refused(chat, 'USER_CONNECT', {}), 'unknown_event');
  assert.equal(await refused(chat, 'MESSAGE_RECEIVED', {}), 'unknown_event');
  assert.equal(await refused(music, 'USER_CONNECT', { id: bob.user.id }), 'forbidden');
  await must(music, 'USER_CONNECT', { id: ann.user.id });

  const { group } = await must(bobChat, 'GROUP_CREATED', { name: 'secret', kind: 'private' });
  const sent = await must(bobChat, 'MESSAGE_SENT', { groupId: group.id, message: 'mine' });
  const file = await must(bobChat, 'FILE_UPLOADED', { groupId: group.id, fileName: 'a', data: Buffer.from('x') });
  const { track } = await must(bobMusic, 'PUBLISH_TRACK', { title: 't', audio: Buffer.from('fLaC' + '\0'.repeat(100)) });
  const table = [
    ['MESSAGE_SENT', { groupId: group.id, message: 'x' }, 'forbidden'],
    ['MESSAGE_SENT', { groupId: id, message: 'x' }, 'not_found'],
    ['MESSAGE_SENT', { message: 'x', replyTo: id }, 'not_found'],
    ['MESSAGE_SENT', { message: 'x', fileIds: [file.fileId] }, /forbidden|not_found/],
    ['MESSAGE_SENT', { message: 'x', trackIds: [id] }, 'not_found'],
    ['GET_HISTORY', { groupId: group.id }, 'forbidden'],
    ['GET_HISTORY', { groupId: id }, 'not_found'],
    ['GET_HISTORY', { groupId: group.id, beforeSeq: 1, afterSeq: 1 }, /bad_request|forbidden/],
    ['SEARCH_MESSAGES', { query: 'mine', groupId: group.id }, 'forbidden'],
    ['LIST_MEMBERS', { groupId: group.id }, 'forbidden'],
    ['GROUP_MEMBER_ADDED', { groupId: group.id, userId: ann.user.id }, 'forbidden'],
    ['GROUP_MEMBER_REMOVED', { groupId: group.id, userId: bob.user.id }, 'forbidden'],
    ['USER_CHANGED_GROUP', { newChannelId: { id: group.id } }, 'forbidden'],
    ['MESSAGE_EDITED', { messageId: sent.messageId, message: 'yours' }, 'forbidden'],
    ['MESSAGE_DELETED', { messageId: sent.messageId }, 'forbidden'],
    ['MESSAGE_REACTION', { messageId: sent.messageId, reaction: ':ok:', on: true }, 'forbidden'],
    ['MESSAGE_READ', { groupId: group.id, seq: 1 }, 'forbidden'],
    ['TYPING', { groupId: group.id }, 'forbidden'],
    ['NOTIFICATION_READ', { notificationId: id }, 'not_found'],
    ['MESSAGE_REACTION', { messageId: id, reaction: ':ok:', on: true }, 'not_found'],
    ['LIST_GROUPS', { cursor: '!!' }, 'bad_request'],
    ['LIST_NOTIFICATIONS', { cursor: '!!' }, 'bad_request'],
    ['SEARCH_MESSAGES', { query: 'x', cursor: '!!' }, 'bad_request'],
    ['FILE_UPLOADED', { groupId: group.id, fileName: 'a', data: Buffer.from('x') }, 'forbidden'],
    ['GROUP_CREATED', { name: 'lobby', kind: 'channel' }, 'conflict'],
    ['GROUP_CREATED', { kind: 'direct', members: [id] }, 'not_found'],
    ['GROUP_CREATED', { kind: 'direct' }, 'bad_request'],
  ];
  for (const [event, payload, code] of table) {
    assert.match(await refused(chat, event, payload), new RegExp(code), `${event} ${JSON.stringify(payload)}`);
  }
  const musicTable = [
    ['UPDATE_TRACK', { id: track.id, title: 'x' }, 'forbidden'],
    ['UNPUBLISH_TRACK', { id: track.id }, 'forbidden'],
    ['UPDATE_TRACK', { id, title: 'x' }, 'not_found'],
    ['UNPUBLISH_TRACK', { id }, 'not_found'],
    ['DOWNLOAD_TRACK', { id }, 'not_found'],
    ['GET_TRACK', id, 'not_found'],
    ['GET_USER', id, 'not_found'],
    ['PUBLISH_COMMENT', { trackId: id, text: 'x' }, 'not_found'],
    ['PUBLISH_RATING', { trackId: id, value: 1 }, 'not_found'],
    ['LIST_COMMENTS', { trackId: id }, 'not_found'],
    ['LIST_RATINGS', { trackId: id }, 'not_found'],
    ['LIST_TRACKS', { cursor: '!!' }, 'bad_request'],
    ['LIST_USERS', { cursor: '!!' }, 'bad_request'],
    ['LIST_COMMENTS', { trackId: track.id, cursor: '!!' }, 'bad_request'],
    ['LIST_RATINGS', { trackId: track.id, cursor: '!!' }, 'bad_request'],
    ['PUBLISH_TRACK', { title: 'x', uploadId: id }, 'not_found'],
    ['PUBLISH_TRACK', { title: 'x' }, 'bad_request'],
    ['PUBLISH_TRACK', { title: 'x', audio: Buffer.from('no audio at all') }, 'bad_request'],
    ['USER_UPDATE', { avatarUploadId: id }, 'not_found'],
    ['UPDATE_TRACK', { id: track.id, coverUploadId: id }, /forbidden/],
  ];
  for (const [event, payload, code] of musicTable) {
    assert.match(await refused(music, event, payload), new RegExp(code), `${event} ${JSON.stringify(payload)}`);
  }
});

test('limits hold at the limit and one over', async (t) => {
  const keys = { groups_per_user: 3, members_per_group: 3, settings_per_user: 2, reactions_per_message: 2, sessions_per_user: 2, socket_rate: 20, socket_burst: 40 };
  const server = await serve(t, { keys });
  const people = await Promise.all(['a1', 'b1', 'c1', 'd1'].map((n) => server.register(n)));
  const chat = await server.connect('/chat', people[0].token);
  const make = (name) => ask(chat, 'GROUP_CREATED', { name, kind: 'private' });
  const groups = [];
  for (let i = 0; i < 3; i++) groups.push((await must(chat, 'GROUP_CREATED', { name: `g${i}`, kind: 'private' })).group);
  assert.equal((await make('g3')).error.errorCode, 'too_large');
  for (const p of people.slice(1, 3)) await must(chat, 'GROUP_MEMBER_ADDED', { groupId: groups[0].id, userId: p.user.id });
  assert.equal(await refused(chat, 'GROUP_MEMBER_ADDED', { groupId: groups[0].id, userId: people[3].user.id }), 'too_large');
  for (const settingName of ['a', 'b', 'a']) await must(chat, 'USER_SETTINGS_UPDATED', { settingName, newValue: 1 });
  assert.equal(await refused(chat, 'USER_SETTINGS_UPDATED', { settingName: 'c', newValue: 1 }), 'too_large');
  const { messageId } = await must(chat, 'MESSAGE_SENT', { message: 'react' });
  for (const reaction of [':a:', ':b:', ':a:']) await must(chat, 'MESSAGE_REACTION', { messageId, reaction, on: true });
  assert.equal(await refused(chat, 'MESSAGE_REACTION', { messageId, reaction: ':c:', on: true }), 'too_large');

  const answers = await Promise.all(Array.from({ length: 80 }, () => ask(chat, 'LIST_NOTIFICATIONS', {})));
  const limited = answers.filter((a) => !a.ok);
  assert.ok(limited.length >= 30 && limited.every((a) => a.error.errorCode === 'rate_limited'), `${limited.length} limited`);

  const sign = () => server.api('POST', '/api/v1/sessions', { body: { username: 'd1', password: 'correct horse' } });
  const gone = new Promise((r) => { server.connect('/chat', people[3].token).then((s) => { s.once('disconnect', r); sign().then(sign); }); });
  assert.equal(await gone, 'io server disconnect', 'the oldest session goes');
});

test('namespaces and tokens that are none', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const why = (namespace, auth) => new Promise((resolve, reject) => {
    const s = server.socket(namespace, token, { auth });
    s.once('connect_error', resolve);
    s.once('connect', () => reject(new Error(`${namespace} let ${JSON.stringify(auth)} in`)));
  });
  const unknown = await why('/nope', { token });
  assert.deepEqual([unknown.message, unknown.data], ['Invalid namespace', undefined]);
  for (const namespace of ['/music', '/chat']) {
    for (const auth of [{}, { token: '' }, { token: 'x' }, { token: 7 }, { token: token.slice(1) + 'A' }]) {
      const e = await why(namespace, auth);
      assert.equal(e.data.errorCode, 'unauthorized', JSON.stringify(auth));
      assert.equal(e.message, e.data.errorMessage);
      assert.match(e.data.timestamp, /Z$/);
    }
  }
});

// What closes the connection, after which the server goes on.
const malformed = {
  'no packet type': 'x', 'an unknown engine type': '9', 'an empty message': '4', 'an unknown packet type': '48',
  'a second CONNECT': ['40/chat,AUTH', '40/chat,AUTH'], 'an EVENT before CONNECT': '42/chat,["MESSAGE_SENT",{"message":"x"}]',
  'malformed JSON': ['40/chat,AUTH', '42/chat,["MESSAGE_SENT"'], 'no list': ['40/chat,AUTH', '42/chat,{}'],
  'an empty list': ['40/chat,AUTH', '42/chat,[]'], 'a reserved name': ['40/chat,AUTH', '42/chat,["disconnect"]'],
  'an attachment without its packet': ['40/chat,AUTH', Buffer.from('abc')],
  'text between attachments': ['40/chat,AUTH', '451-/chat,["A",{"_placeholder":true,"num":0}]', '42/chat,["A"]'],
  'too many attachments': ['40/chat,AUTH', '4511-/chat,["A"]'], 'bytes that are no UTF-8': Buffer.from([0xff]),
  'a ping from the client': '2probe',
};

for (const [what, packets] of Object.entries(malformed)) {
  test(`malformed: ${what}`, async (t) => {
    const server = await serve(t);
    const [ann, bob] = [await server.register('ann'), await server.register('bob')];
    const other = await server.connect('/chat', bob.token);
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const closed = new Promise((r) => { ws.once('close', r); });
    await new Promise((r) => { ws.once('message', r); });
    for (const packet of [packets].flat()) {
      if (typeof packet === 'string') {
        ws.send(packet.replace('AUTH', JSON.stringify({ token: ann.token })));
        if (packet.startsWith('40')) await new Promise((r) => { setTimeout(r, 150); });
      } else {
        ws.send(packet);
      }
    }
    await closed;
    await must(other, 'MESSAGE_SENT', { message: 'still here' });
    assert.equal((await server.api('GET', '/healthz')).status, 200);
  });
}

test('a flood of WebSocket pings ends its own connection; a few are answered', async (t) => {
  const server = await serve(t);
  const anna = await server.register('anna');
  const other = await server.connect('/chat', anna.token);
  const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  await once(ws, 'message');
  ws.ping('few');
  assert.equal(String((await once(ws, 'pong'))[0]), 'few');
  const pings = (n) => ws._socket.write(Buffer.concat(Array(n).fill(Buffer.from([0x89, 0x80, 0, 0, 0, 0]))));
  let pongs = 0;
  const all = new Promise((r) => { ws.on('pong', () => { if (++pongs === 256) r(); }); });
  pings(256); // small enough for one read
  await all;
  pings(257);
  const [code] = await once(ws, 'close');
  assert.equal(code, 1008);
  await must(other, 'LIST_NOTIFICATIONS', {});
});

test('an address whose connections end by faults of theirs opens no more for a while; others do', async (t) => {
  const server = await serve(t);
  const open = (localAddress) => new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { localAddress });
  const attempt = async (localAddress) => {
    const ws = open(localAddress);
    const opened = new Promise((r) => { ws.once('message', () => r(true)); ws.once('error', () => r(false)); });
    if (!await opened) return false;
    ws.send('no packet');
    await once(ws, 'close');
    return true;
  };
  for (let i = 0; i < 4; i++) assert.equal(await attempt('127.0.0.2'), true, String(i));
  assert.equal(await attempt('127.0.0.2'), false);
  assert.equal(await attempt('127.0.0.3'), true);
  for (let i = 0; i < 20; i++) assert.equal(await attempt('127.0.0.1'), true); // a proxy may stand here
});

// SPDX-License-Identifier: MIT
//
// Connection state recovery in antiphond: who loses the connection is where they were; who may not come back is not let in.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { ask, count, must, refused, seen, serve, settle } from './lib/antiphon.mjs';

// Comes back by itself, at once.
const steady = { reconnection: true, reconnectionDelay: 1, reconnectionDelayMax: 1, randomizationFactor: 0 };

// The connection breaks; `meanwhile` happens before it is back. Gives whether the socket was recovered.
async function blip(socket, meanwhile = async () => {}) {
  const gone = once(socket, 'disconnect');
  socket.io.reconnection(false);
  socket.io.engine.close();
  await gone;
  await meanwhile();
  socket.io.reconnection(true);
  const back = once(socket, 'connect');
  socket.connect();
  await back;
  return socket.recovered;
}

async function pair(t, keys = {}) {
  const server = await serve(t, { keys });
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const a = await server.connect('/chat', ann.token, steady);
  const b = await server.connect('/chat', bob.token, steady);
  await seen(b, 'DATA_RECEIVED');
  const { group } = await must(a, 'GROUP_CREATED', { name: 'ours', kind: 'private', members: [bob.user.id] });
  await seen(b, 'GROUP_CREATED');
  return { server, ann, bob, a, b, group };
}

test('who comes back gets what was missed, once, and has the same group open', async (t) => {
  const { a, b, group } = await pair(t);
  await must(b, 'USER_CHANGED_GROUP', { newChannelId: { id: group.id } });
  assert.equal(await blip(b, () => must(a, 'MESSAGE_SENT', { groupId: group.id, message: 'missed' })), true);
  await must(a, 'MESSAGE_SENT', { groupId: group.id, message: 'later' });
  const { groupId } = await must(b, 'MESSAGE_SENT', { message: 'no group named' });
  assert.equal(groupId, group.id);
  for (const text of ['missed', 'later']) {
    await seen(b, 'MESSAGE_RECEIVED', (m) => m.message === text);
    assert.equal(count(b, 'MESSAGE_RECEIVED', (m) => m.message === text), 1);
  }
  assert.equal(count(b, 'DATA_RECEIVED', (d) => d.dataType === 'snapshot'), 1);
});

test('what happens to groups meanwhile happens to who is away', async (t) => {
  const { a, b, bob, group } = await pair(t);
  const { group: late } = await must(a, 'GROUP_CREATED', { name: 'late', kind: 'private' });
  const recovered = await blip(b, async () => {
    await must(a, 'MESSAGE_SENT', { groupId: group.id, message: 'to a member' });
    await must(a, 'GROUP_MEMBER_REMOVED', { groupId: group.id, userId: bob.user.id });
    await must(a, 'MESSAGE_SENT', { groupId: group.id, message: 'to who is left' });
    await must(a, 'MESSAGE_SENT', { groupId: late.id, message: 'before' });
    await must(a, 'GROUP_MEMBER_ADDED', { groupId: late.id, userId: bob.user.id });
    await must(a, 'MESSAGE_SENT', { groupId: late.id, message: 'welcome' });
  });
  assert.equal(recovered, true);
  await must(a, 'MESSAGE_SENT', { groupId: group.id, message: 'to who is left, too' });
  await must(a, 'MESSAGE_SENT', { groupId: late.id, message: 'last' });
  await seen(b, 'MESSAGE_RECEIVED', (m) => m.message === 'last');
  assert.deepEqual(
    b.seen.filter((s) => s.event === 'MESSAGE_RECEIVED').map((s) => s.data.message),
    ['to a member', 'welcome', 'last'],
  );
  await seen(b, 'GROUP_MEMBER_REMOVED', (m) => m.userId === bob.user.id);
});

test('a new socket of a session that turned to a group has none open', async (t) => {
  const { server, a, b, bob, group } = await pair(t);
  await must(b, 'USER_CHANGED_GROUP', { newChannelId: { id: group.id } });
  b.disconnect();
  const again = await server.connect('/chat', bob.token);
  assert.equal(await refused(again, 'MESSAGE_SENT', { message: 'a secret' }), 'conflict');
  assert.equal(await refused(again, 'TYPING', {}), 'conflict');
  assert.equal(await refused(again, 'FILE_UPLOADED', { fileName: 'a', data: Buffer.from('a') }), 'conflict');
  const other = await server.connect('/chat', (await server.register('cid')).token);
  assert.equal((await must(other, 'MESSAGE_SENT', { message: 'never turned' })).groupId, '01900000-0000-7000-8000-000000000001');
  await settle(a);
  assert.equal(count(a, 'MESSAGE_RECEIVED', (m) => m.message === 'a secret'), 0);
});

for (const [what, end] of [
  ['a session that was ended', ({ server, bob }) => server.api('DELETE', '/api/v1/sessions/current', { token: bob.token })],
  ['a suspended account', async ({ server, bob }) => {
    const admin = await server.register('root', { invite: server.adminCode });
    return server.api('PATCH', `/api/v1/users/${bob.user.id}`, { token: admin.token, body: { suspended: true } });
  }],
]) {
  test(`${what} does not come back`, async (t) => {
    const all = await pair(t);
    const { a, b, group } = all;
    const gone = once(b, 'disconnect');
    b.io.reconnection(false);
    b.io.engine.close();
    await gone;
    assert.ok((await end(all)).ok);
    await must(a, 'MESSAGE_SENT', { groupId: group.id, message: 'a secret' });
    const refusal = once(b, 'connect_error');
    b.connect();
    assert.equal((await refusal)[0].data.errorCode, 'unauthorized');
    assert.equal(count(b, 'MESSAGE_RECEIVED', (m) => m.message === 'a secret'), 0);
  });
}

test('who comes back with another token is a new socket', async (t) => {
  const { server, a, b, group } = await pair(t);
  const eve = await server.register('eve');
  const recovered = await blip(b, async () => {
    await must(a, 'MESSAGE_SENT', { groupId: group.id, message: 'a secret' });
    b.auth = { token: eve.token };
  });
  assert.equal(recovered, false);
  await settle(b);
  assert.equal(count(b, 'MESSAGE_RECEIVED', (m) => m.message === 'a secret'), 0);
});

test('in /music who had entered still has', async (t) => {
  const { server, ann, bob } = await pair(t);
  const [a, b] = [await server.connect('/music', ann.token, steady), await server.connect('/music', bob.token, steady)];
  await must(a, 'USER_CONNECT', {});
  await must(b, 'USER_CONNECT', {});
  assert.equal(await blip(b, () => must(a, 'USER_UPDATE', { displayName: 'Ann' })), true);
  await seen(b, 'USER_UPDATE', (u) => u.displayName === 'Ann');
  assert.equal((await ask(b, 'LIST_TRACKS', {})).ok, true);
});

test('who missed more than the buffer holds begins anew', async (t) => {
  const { a, b, group } = await pair(t, { recovery_buffer: 65536 });
  const recovered = await blip(b, async () => {
    for (let i = 0; i < 40; i++) await must(a, 'MESSAGE_SENT', { groupId: group.id, message: 'x'.repeat(4000) });
  });
  assert.equal(recovered, false);
  await seen(b, 'DATA_RECEIVED', (d) => d.dataType === 'snapshot' && d.data.unread[group.id] === 40);
});

test('recovery can be turned off', async (t) => {
  const { b } = await pair(t, { recovery: 0 });
  assert.ok(!(await blip(b)));
});

// SPDX-License-Identifier: MIT
//
// client_cuts - three libantiphon clients and one of npm against antiphond: each event as often as protocol.md's table says, the server
// killed and started between, the network cut two hundred times anywhere; in the end all know what the server knows.
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, count, folder, must, seen, serve } from './lib/antiphon.mjs';
import { Follow } from './lib/follow.mjs';

const audio = Buffer.from('fLaC' + '\0'.repeat(100));
const names = ['ann', 'bob', 'cleo'];
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const pause = (ms) => new Promise((r) => { setTimeout(r, ms); });

// A way to the server that breaks while `left` lasts; without WebSocket for who must poll.
async function way(t, server, cuts, { polling = false } = {}) {
  const listener = createServer((client) => {
    const target = new URL(server.url);
    const upstream = connect(target.port, target.hostname);
    let left = Infinity;
    const end = () => { client.destroy(); upstream.destroy(); };
    const pass = (from, to) => {
      from.on('data', (data) => {
        if (polling && data.includes('transport=websocket')) return client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
        if (left === Infinity && cuts.left > 0) left = 1 + Math.floor(Math.random() ** 2 * 16000);
        to.write(data.subarray(0, Math.min(left, data.length)));
        left -= data.length;
        if (left > 0 || client.destroyed) return;
        cuts.left--;
        end();
      });
      from.on('error', end);
      from.on('close', end);
    };
    pass(client, upstream);
    pass(upstream, client);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.after(() => listener.close());
  return { url: `http://127.0.0.1:${listener.address().port}` };
}

async function all(socket, event, payload, field) {
  const list = [];
  for (let cursor; ;) {
    const page = await must(socket, event, { ...payload, ...(cursor && { cursor }) });
    list.push(...page[field]);
    cursor = page.nextCursor;
    if (!cursor) return list;
  }
}

const byKey = (list, key, value) => Object.fromEntries(list.map((x) => [key(x), value(x)]).sort());
const users = (list) => byKey(list, (u) => u.id, (u) => [u.displayName, u.status, u.bio]);
const comments = (list) => byKey(list, (c) => c.id, (c) => c.text);
const ratings = (list) => byKey(list, (r) => r.userId, (r) => r.value);
const track = (x, own) => ({ title: x.title, genre: x.genre, rating: x.rating, commentCount: x.commentCount, ...own });
const messages = (list) => byKey(list, (m) => m.seq, (m) => [m.messageId, m.userId, m.message, Boolean(m.deletedAt), Boolean(m.editedAt),
  m.reactions.map((r) => [r.reaction, ...[...r.userIds].sort()].join()).sort().join()]);
const group = (g, unread, own) => ({ memberCount: g.memberCount, lastSeq: g.lastSeq, unread, messages: own });
const notifications = (list) => byKey(list, (n) => n.notificationId, (n) => n.notificationType);

// What a user's client must know, as the server tells one that has just come.
async function truth(server, token, music) {
  const chat = await server.connect('/chat', token);
  const { data } = await seen(chat, 'DATA_RECEIVED');
  const state = { users: users(await all(music, 'LIST_USERS', { connected: true, limit: 100 }, 'users')), tracks: {}, groups: {} };
  for (const x of await all(music, 'LIST_TRACKS', { limit: 100 }, 'tracks'))
    state.tracks[x.id] = track(x, {
      comments: comments(await all(music, 'LIST_COMMENTS', { trackId: x.id, limit: 100 }, 'comments')),
      ratings: ratings(await all(music, 'LIST_RATINGS', { trackId: x.id, limit: 100 }, 'ratings')),
    });
  for (const g of data.groups) {
    const list = [];
    for (let more = true; more;) {
      const page = await must(chat, 'GET_HISTORY', { groupId: g.id, afterSeq: list.at(-1)?.seq ?? 0, limit: 200 });
      list.push(...page.messages);
      more = page.more;
    }
    state.groups[g.id] = group(g, data.unread[g.id] ?? 0, messages(list));
  }
  state.settings = byKey(Object.entries(data.settings), (s) => s[0], (s) => s[1]);
  state.notifications = notifications(await all(chat, 'LIST_NOTIFICATIONS', {}, 'notifications'));
  chat.disconnect();
  return state;
}

// The same, as the client says it.
function known(dump) {
  return {
    users: users(dump.users),
    tracks: Object.fromEntries(dump.tracks.map((x) => [x.track.id, track(x.track, { comments: comments(x.comments), ratings: ratings(x.ratings) })])),
    groups: Object.fromEntries(dump.groups.map((g) => [g.id, group(g, g.unread, messages(g.messages))])),
    settings: byKey(dump.settings, (s) => s.settingName, (s) => s.newValue),
    notifications: notifications(dump.notifications),
  };
}

async function differences(server, client, token, music) {
  const dump = await client.dump();
  if (dump.waiting) return `${dump.waiting} messages wait`;
  try {
    assert.deepEqual(known(dump), await truth(server, token, music));
  } catch (e) {
    return e.message;
  }
  return '';
}

// What came of the events must be what is there: each thing comes once and goes once.
function replay(events, { users: there, tracks }) {
  const us = new Set(there), ts = new Set(tracks);
  const wrong = [];
  const expect = (holds, e) => holds || wrong.push(`${e.event} ${e.payload.id}`);
  for (const e of events) {
    const id = e.payload?.id;
    if (e.event === 'NEW_USER') { expect(!us.has(id), e); us.add(id); }
    if (e.event === 'UPDATE_USER') expect(us.has(id), e);
    if (e.event === 'DELETE_USER') expect(us.delete(id), e);
    if (e.event === 'NEW_TRACK') { expect(!ts.has(id), e); ts.add(id); }
    if (e.event === 'UPDATE_TRACK') expect(ts.has(id), e);
    if (e.event === 'DELETE_TRACK') expect(ts.delete(id), e);
    if (e.event === 'NEW_COMMENT' || e.event === 'NEW_RATING') expect(ts.has(e.payload.trackId), e);
  }
  return { wrong, users: [...us].sort(), tracks: [...ts].sort() };
}

const times = (client, name, id, key) => client.lines.filter((l) => l.event === name && l.payload[key] === id).length;

// One thing that somebody does. What a client without connection is refused does not matter: the server's state is the measure.
async function act(world, i) {
  const { clients, music, chat, tracks, sent, lobby } = world;
  const c = pick(clients);
  const say = (ns, event, payload) => c.say(ns, event, payload);
  switch (i % 10) {
    case 0: tracks.push((await must(music, 'PUBLISH_TRACK', { title: `track ${i}`, audio })).track.id); break;
    case 1: sent.push((await must(chat, 'MESSAGE_SENT', { groupId: lobby, message: `npm ${i}` })).messageId); break;
    case 2: case 3: world.said++; say('/chat', 'MESSAGE_SENT', { groupId: lobby, message: `said ${i}` }); break;
    case 4: say('/music', 'PUBLISH_COMMENT', { trackId: pick(tracks), text: `comment ${i}` }); break;
    case 5: say('/music', 'PUBLISH_RATING', { trackId: pick(tracks), value: 1 + i % 5 }); break;
    case 6: say('/chat', 'MESSAGE_REACTION', { messageId: pick(sent), reaction: ':ok:', on: i % 3 > 0 }); break;
    case 7: say('/chat', 'USER_SETTINGS_UPDATED', { settingName: `s${i % 4}`, newValue: { i } }); break;
    case 8:
      if (i % 3 === 0) await must(music, 'UPDATE_TRACK', { id: pick(tracks), title: `changed ${i}` });
      else if (i % 3 === 1) await must(chat, 'MESSAGE_EDITED', { messageId: pick(sent), message: `edited ${i}` }).catch(() => {});
      else await must(music, 'PUBLISH_COMMENT', { trackId: pick(tracks), text: `npm ${i}` });
      break;
    default:
      if (i % 4 === 0 && tracks.length > 6) await must(music, 'UNPUBLISH_TRACK', { id: tracks.splice(1, 1)[0] });
      else if (i % 4 === 1 && sent.length > 6) await must(chat, 'MESSAGE_DELETED', { messageId: sent.splice(1, 1)[0] });
      else if (i % 4 === 2) say('/music', 'USER_UPDATE', { bio: `bio ${i}` });
      else await must(chat, 'USER_STATUS_CHANGED', { newStatus: pick(['online', 'away', 'busy']) });
  }
}

async function npm(server, token) {
  const music = await server.connect('/music', token), chat = await server.connect('/chat', token);
  await must(music, 'USER_CONNECT', {});
  const { data } = await seen(chat, 'DATA_RECEIVED');
  return { music, chat, lobby: data.groups[0].id };
}

// One track and all that can befall it, each done by another: everyone hears of each once.
async function table(clients, music) {
  const from = clients.map((c) => c.lines.length);
  const { track: one } = await must(music, 'PUBLISH_TRACK', { title: 'one', audio });
  await Promise.all(clients.map((c, i) => c.event('NEW_TRACK', (x) => x.id === one.id, from[i])));
  assert.equal((await clients[0].ask('/music', 'PUBLISH_COMMENT', { trackId: one.id, text: 'fine' })).result, 'ok');
  assert.equal((await clients[1].ask('/music', 'PUBLISH_RATING', { trackId: one.id, value: 4 })).result, 'ok');
  assert.equal((await clients[2].ask('/music', 'USER_UPDATE', { displayName: `C ${one.id}` })).result, 'ok');
  await must(music, 'UPDATE_TRACK', { id: one.id, title: 'two' });
  await must(music, 'UNPUBLISH_TRACK', { id: one.id });
  await Promise.all(clients.map((c, i) => c.event('DELETE_TRACK', (x) => x.id === one.id, from[i])));
  const each = ['NEW_TRACK', 'NEW_COMMENT', 'NEW_RATING', 'UPDATE_USER', 'UPDATE_TRACK', 'DELETE_TRACK'];
  for (const [i, c] of clients.entries())
    assert.deepEqual(c.events(from[i]).filter((e) => /^(NEW|UPDATE|DELETE)_/.test(e)).sort(), [...each].sort(), `${names[i]}`);
  for (const [event, n] of [['PUBLISH_COMMENT', 1], ['PUBLISH_RATING', 1], ['PUBLISH_TRACK', 0]])
    assert.equal(count(music, event, (x) => [x.trackId, x.id].includes(one.id)), n, `npm's ${event}`);
}

async function agree(server, clients, tokens, music) {
  const end = Date.now() + 60000;
  for (const [i, c] of clients.entries()) {
    let said = await differences(server, c, tokens[i], music);
    while (said && Date.now() < end) {
      await pause(100);
      said = await differences(server, c, tokens[i], music);
    }
    assert.equal(said, '', `${names[i]} differs`);
  }
}

test('three clients through a network that is cut two hundred times, and a server that is killed', async (t) => {
  const server = await serve(t, { keys: { presence_grace: 100 } });
  const accounts = await Promise.all([...names, 'dave'].map((n) => server.register(n)));
  const tokens = accounts.map((a) => a.token);
  const cuts = { left: 0 };
  const ways = [await way(t, server, cuts), await way(t, server, cuts), await way(t, server, cuts, { polling: true })];
  const data = [join(folder(), 'ann')];
  const clients = ways.map((w, i) => new Follow(t, w, tokens[i], { driver: i === 1 ? 'thread' : 'loop', data: i ? [] : data }));
  for (const c of clients) await c.event('SYNCHRONISED');
  let dave = await npm(server, tokens[3]);
  for (const c of clients) await c.event('NEW_USER', (u) => u.username === 'dave');
  for (const [i, c] of clients.entries()) {
    for (const name of ['NEW_USERS', 'NEW_TRACKS', 'SYNCHRONISED']) assert.equal(c.events().filter((e) => e === name).length, 1);
    assert.equal(new Set(c.lines.filter((l) => l.event === 'NEW_USER').map((l) => l.payload.id)).size, c.events().filter((e) => e === 'NEW_USER').length, names[i]);
  }
  await table(clients, dave.music);
  await agree(server, clients, tokens, dave.music);

  const bases = await Promise.all(clients.map(async (c) => {
    const dump = await c.dump();
    return { from: c.lines.length, users: dump.users.map((u) => u.id), tracks: dump.tracks.map((x) => x.track.id) };
  }));
  const world = { clients, ...dave, tracks: [], sent: [], said: 0 };
  world.tracks.push((await must(world.music, 'PUBLISH_TRACK', { title: 'first', audio })).track.id);
  world.sent.push((await must(world.chat, 'MESSAGE_SENT', { groupId: world.lobby, message: 'first' })).messageId);
  const until = Date.now() + 150000;
  let i = 0;
  for (const half of [100, 0]) {
    cuts.left = half + 100;
    while (cuts.left > half && Date.now() < until) {
      await act(world, i++);
      await pause(5);
    }
    if (!half) continue;
    await server.kill();
    for (let n = 0; n < 20; n++) clients[n % 3].say('/chat', 'MESSAGE_SENT', { groupId: world.lobby, message: `away ${n}` });
    world.said += 20;
    await server.start();
    dave = await npm(server, tokens[3]);
    Object.assign(world, dave);
  }
  assert.ok(cuts.left <= 0, `${cuts.left} cuts were left after ${i} steps`);
  t.diagnostic(`${i} steps`);
  await agree(server, clients, tokens, world.music);
  await table(clients, world.music);

  const lobby = (await clients[0].dump()).groups.find((g) => g.id === world.lobby);
  const texts = lobby.messages.map((m) => m.message).filter((m) => /^(said|away)/.test(m));
  assert.equal(texts.length, world.said, 'each message that a client said is stored');
  assert.equal(new Set(texts).size, world.said, 'once');
  for (const [n, c] of clients.entries()) {
    for (const m of lobby.messages) {
      const mine = m.userId === accounts[n].user.id;
      assert.equal(times(c, mine ? 'MESSAGE_SENT' : 'MESSAGE_RECEIVED', m.messageId, 'messageId'), 1, `${names[n]}: ${m.message}`);
    }
    const dump = await c.dump();
    const { wrong, ...there } = replay(c.lines.slice(bases[n].from), bases[n]);
    assert.deepEqual(wrong, [], names[n]);
    assert.deepEqual(there, { users: dump.users.map((u) => u.id).sort(), tracks: dump.tracks.map((x) => x.track.id).sort() }, names[n]);
    for (const x of dump.tracks)
      for (const comment of x.comments) assert.equal(times(c, 'NEW_COMMENT', comment.id, 'id'), 1, `${names[n]}: ${comment.text}`);
    for (const name of ['NEW_USERS', 'NEW_TRACKS']) assert.equal(c.events().filter((e) => e === name).length, 1);
  }
  for (const c of clients) await c.end();

  // What the folder kept is what the server knows.
  const again = new Follow(t, ways[0], tokens[0], { data });
  await again.event('SYNCHRONISED');
  await agree(server, [again], tokens, world.music);
  assert.deepEqual(again.events().filter((e) => !/USER/.test(e)), ['NEW_TRACKS', 'SYNCHRONISED']);
  await again.end();
});

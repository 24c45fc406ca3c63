// SPDX-License-Identifier: MIT
//
// crash - kill -9 in the middle of messages and uploads, twenty times; then the same on a disk that keeps only
// what was synced (tests/shim/drop.c). What was acknowledged is there once, in order, with its files.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Server, ask, build, folder, must, seen } from './lib/antiphon.mjs';
import { ogg } from './lib/music.mjs';
import { append, create, offset, sha1 } from './lib/tus.mjs';

const cuts = 20;
const messagesPerCut = 100; // 2,000 in all
const senders = 4;
const lib = join(build, 'tests', 'shim', 'libdrop.so');

function sql(data, query) {
  return execFileSync('sqlite3', [join(data, 'antiphon.db'), query], { encoding: 'utf8' }).trim();
}

// The database is whole; each row has its blob, each blob its row; seq has no gap.
function inspect(data) {
  assert.equal(sql(data, 'pragma integrity_check'), 'ok');
  assert.equal(sql(data, 'select count(*) from (select group_pk, count(*) n, min(seq) a, max(seq) z from message group by group_pk) where a <> 1 or n <> z'), '0');
  const rows = sql(data, 'select lower(hex(digest)) || " " || refs from blob order by 1').split('\n').filter(Boolean).map((l) => l.split(' ')[0]);
  const files = readdirSync(join(data, 'blobs'), { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => f.name).filter((n) => /^[0-9a-f]{64}$/.test(n)).sort();
  assert.deepEqual(files, rows, 'blobs and their rows');
  const wanted = sql(data, 'select lower(hex(b)), count(*) from (select blob b from file union all select blob from track union all select cover from track where cover is not null union all select avatar from user where avatar is not null union all select blob from upload where blob is not null) group by 1 order by 1');
  const counted = sql(data, 'select lower(hex(digest)), refs from blob order by 1');
  assert.equal(wanted, counted, 'references are counted right');
}

async function pour(server, state, token, cutAfter) {
  const connected = await Promise.all(Array.from({ length: senders }, () => server.connect('/chat', token)));
  const music = await server.connect('/music', token);
  await must(music, 'USER_CONNECT', {});
  const cut = setTimeout(() => server.process.kill('SIGKILL'), cutAfter);
  const killed = new Promise((resolve) => { server.exited.then(resolve); });
  let alive = true;
  killed.then(() => { alive = false; });
  const noted = (promise, keep) => Promise.race([promise.then((a) => { if (a?.ok) keep(a); }, () => {}), killed]);
  const work = connected.map(async (socket, s) => {
    for (let i = 0; alive && i < messagesPerCut / senders; i++) {
      const clientId = `${state.round}-${s}-${i}`;
      const message = `message ${clientId} of many words`;
      state.sent.set(clientId, message);
      await noted(ask(socket, 'MESSAGE_SENT', { message, clientId }), (a) => state.acknowledged.set(clientId, a));
    }
  });
  work.push((async () => {
    for (let i = 0; alive && i < 6; i++) {
      const data = Buffer.from(`file ${state.round} ${i} `.repeat(50));
      await noted(ask(connected[0], 'FILE_UPLOADED', { fileName: `${state.round}-${i}`, data }), (a) => state.files.push([a.url, data]));
      const audio = Buffer.concat([state.song.subarray(0, 20000), data]);
      await noted(ask(music, 'PUBLISH_TRACK', { title: `${state.round}-${i}`, audio }), (a) => state.tracks.push([a.track.audio.url, audio]));
    }
  })());
  work.push((async () => {
    try {
      if (!state.upload) state.upload = { ...(await create(server, token, state.song.length, { purpose: 'track' })), known: 0 };
      for (let at = state.upload.known; alive && at < state.song.length; at = state.upload.known) {
        const part = state.song.subarray(at, at + 50000);
        const r = await append(server, token, state.upload.path, at, part, sha1(part));
        if (r.status !== 204) break;
        state.upload.known = at + part.length;
      }
    } catch { /* the server was killed in between */ }
  })());
  await Promise.race([Promise.all(work), killed]);
  clearTimeout(cut);
  for (const s of server.sockets) s.disconnect();
  server.sockets.clear();
}

async function check(server, state, token) {
  const chat = await server.connect('/chat', token);
  const { data } = await seen(chat, 'DATA_RECEIVED');
  const groupId = data.groups.find((g) => g.name === 'lobby').id;
  const all = [];
  for (let more = true; more;) {
    const page = await must(chat, 'GET_HISTORY', { groupId, afterSeq: all.length, limit: 200 });
    all.push(...page.messages);
    more = page.more;
  }
  const byId = new Map();
  for (const m of all) {
    assert.ok(!byId.has(m.clientId), `${m.clientId} is there twice`);
    byId.set(m.clientId, m);
  }
  for (const [clientId, answer] of state.acknowledged) {
    const m = byId.get(clientId);
    assert.ok(m, `${clientId} was acknowledged and is gone`);
    assert.deepEqual([m.seq, m.messageId, m.message], [answer.seq, answer.messageId, state.sent.get(clientId)]);
  }
  // What was sent and not acknowledged is sent again: stored once.
  for (const [clientId, message] of [...state.sent].filter(([c]) => !state.acknowledged.has(c))) {
    const a = await must(chat, 'MESSAGE_SENT', { message, clientId });
    if (byId.has(clientId)) assert.equal(a.messageId, byId.get(clientId).messageId);
    state.acknowledged.set(clientId, a);
  }
  for (const [url, bytes] of [...state.files, ...state.tracks].slice(-4)) {
    const r = await server.api('GET', url, { token });
    assert.equal(r.status, 200, url);
    assert.ok(Buffer.from(await r.arrayBuffer()).equals(bytes), url);
  }
  if (state.upload) {
    const at = await offset(server, token, state.upload.path);
    assert.ok(at >= state.upload.known, `the upload went back from ${state.upload.known} to ${at}`);
    state.upload.known = at;
    if (at === state.song.length) state.upload = null;
  }
  chat.disconnect();
}

for (const [name, drops] of [['kill -9', false], ['kill -9 on a disk that keeps only what was synced', true]]) {
  test(`${name}, ${cuts} times in the middle of ${cuts * messagesPerCut} messages and uploads`, async (t) => {
    assert.ok(!drops || existsSync(lib), `${lib} is not built`);
    const song = ogg();
    const state = { song, sent: new Map(), acknowledged: new Map(), files: [], tracks: [], upload: null };
    let data = join(folder(), 'data');
    let token;
    for (state.round = 0; state.round <= cuts; state.round++) {
      const shadow = join(folder(), 'shadow');
      const env = drops ? { LD_PRELOAD: lib, DROP_FOLDER: data, DROP_SHADOW: shadow } : {};
      if (drops) mkdirSync(data, { recursive: true, mode: 0o700 });
      const server = await new Server({ data, env }).start();
      t.after(() => server.kill());
      token ??= (await server.register('ann')).token;
      await check(server, state, token);
      if (state.round === cuts) {
        assert.equal((await server.stop()).code, 0);
        break;
      }
      await pour(server, state, token, 20 + 25 * state.round);
      await server.kill();
      if (drops) {
        const left = join(folder(), 'data');
        cpSync(join(shadow, 'tree'), left, { recursive: true });
        rmSync(shadow, { recursive: true });
        rmSync(data, { recursive: true });
        data = left;
      }
    }
    inspect(data);
    assert.ok(state.acknowledged.size > cuts * 10, `${state.acknowledged.size} acknowledged`);
  });
}

test('a message is acknowledged after fdatasync', async (t) => {
  const log = join(folder(), 'strace');
  const server = await new Server({ wrap: ['strace', '-D', '-f', '-qq', '-e', 'trace=fdatasync,fsync,sendto,sendmsg,writev,write', '-s', '200', '-o', log] }).start();
  t.after(() => server.stop());
  const { token } = await server.register('ann');
  const chat = await server.connect('/chat', token);
  await must(chat, 'MESSAGE_SENT', { message: 'the first one' });
  const before = readFileSync(log, 'utf8').length;
  const { messageId } = await must(chat, 'MESSAGE_SENT', { message: 'the one looked for' });
  await server.stop();
  const lines = readFileSync(log, 'utf8').slice(before).split('\n');
  const answer = lines.findIndex((l) => l.includes(messageId));
  const flush = lines.findIndex((l) => /f(data)?sync\(\d+\)\s+= 0|<\.\.\. f(data)?sync resumed>.*= 0/.test(l));
  assert.ok(answer >= 0, 'the acknowledgement was seen');
  assert.ok(flush >= 0 && flush < answer, `fdatasync in line ${flush}, the acknowledgement in line ${answer}`);
});

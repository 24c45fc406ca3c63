// SPDX-License-Identifier: MIT
//
// faults - a full disk, a second process, a newer database, the race between a snapshot and what is committed
// around it, a slow reader.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, binary, folder, must, seen, serve, settle } from './lib/antiphon.mjs';
import { ogg } from './lib/music.mjs';
import { append, create, offset } from './lib/tus.mjs';

function second(data) {
  return spawnSync(binary, ['--listen', '127.0.0.1:0', '--data', data], { encoding: 'utf8', timeout: 10000 });
}

test('a data folder that another process holds is refused in one sentence', async (t) => {
  const server = await serve(t);
  const r = second(server.data);
  assert.equal(r.status, 75);
  assert.equal(r.stderr.trim().split('\n').length, 1);
  assert.match(r.stderr, /another|already/i);
  assert.equal((await server.api('GET', '/readyz')).status, 200);
});

test('a data folder that a newer version wrote is refused in one sentence, and left alone', async (t) => {
  const server = await serve(t);
  await server.stop();
  execFileSync('sqlite3', [join(server.data, 'antiphon.db'), 'pragma user_version = 9999']);
  const before = statSync(join(server.data, 'antiphon.db')).mtimeMs;
  const r = second(server.data);
  assert.notEqual(r.status, 0);
  assert.match(r.stderr, /newer/i);
  assert.equal(r.stderr.trim().split('\n').length, 1);
  assert.equal(statSync(join(server.data, 'antiphon.db')).mtimeMs, before);
});

test('a full disk is `unavailable`, loses nothing that was acknowledged, and mends itself', async (t) => {
  const disk = folder('antiphon-disk-');
  const uid = process.getuid();
  const asRoot = (...command) => spawnSync(uid === 0 ? 'env' : 'sudo', command, { encoding: 'utf8' });
  const mounted = asRoot('mount', '-t', 'tmpfs', '-o', `size=12m,uid=${uid}`, 'tmpfs', disk);
  assert.equal(mounted.status, 0, `mounting a tmpfs needs root, or sudo without a question: ${mounted.stderr}`);
  t.after(() => asRoot('umount', '-l', disk));
  const server = await serve(t, { data: join(disk, 'data') });
  const { token } = await server.register('ann');
  const chat = await server.connect('/chat', token);
  const { data } = await seen(chat, 'DATA_RECEIVED');
  const groupId = data.groups[0].id;
  const stored = [await must(chat, 'MESSAGE_SENT', { message: 'before' })];
  const filler = join(disk, 'filler');
  const free = Number(execFileSync('df', ['--output=avail', '-B1', disk], { encoding: 'utf8' }).split('\n')[1]);
  try {
    writeFileSync(filler, Buffer.alloc(Math.max(0, free - 200000)));
  } catch (e) {
    assert.equal(e.code, 'ENOSPC', 'a checkpoint may have taken the room meanwhile: full is full');
  }
  let refusals = 0;
  for (let i = 0; i < 400 && refusals < 5; i++) {
    const a = await ask(chat, 'MESSAGE_SENT', { message: `${i} ${'word '.repeat(700)}` });
    if (a.ok) {
      stored.push(a);
    } else {
      assert.equal(a.error.errorCode, 'unavailable');
      refusals++;
    }
  }
  assert.equal(refusals, 5, 'the disk was filled');
  const upload = await create(server, token, 3000000, { purpose: 'track' });
  if (upload.response.status === 201) assert.equal((await append(server, token, upload.path, 0, Buffer.alloc(3000000))).status, 503);
  else assert.equal(upload.response.status, 503);
  assert.equal((await ask(chat, 'FILE_UPLOADED', { fileName: 'a', data: Buffer.alloc(900000) })).error.errorCode, 'unavailable');
  assert.equal((await server.api('GET', '/healthz')).status, 200, 'the server goes on');
  assert.equal((await must(chat, 'GET_HISTORY', { groupId, limit: 1 })).messages.length, 1, 'and reads');
  rmSync(filler);
  stored.push(await must(chat, 'MESSAGE_SENT', { message: 'after' }));
  await server.stop();
  await server.start();
  const again = await server.connect('/chat', token);
  const ids = new Set();
  for (let more = true, afterSeq = 0; more;) {
    const page = await must(again, 'GET_HISTORY', { groupId, afterSeq, limit: 200 });
    page.messages.forEach((m) => ids.add(m.messageId));
    afterSeq = page.messages.at(-1).seq;
    more = page.more;
  }
  assert.equal(ids.size, stored.length);
  for (const m of stored) assert.ok(ids.has(m.messageId));
});

test('a half-finished upload survives a restart', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const song = ogg();
  const { path, id } = await create(server, token, song.length, { purpose: 'track' });
  await append(server, token, path, 0, song.subarray(0, 100001));
  await server.stop();
  await server.start();
  assert.equal(await offset(server, token, path), 100001);
  assert.equal((await append(server, token, path, 100001, song.subarray(100001))).status, 204);
  const music = await server.connect('/music', token);
  await must(music, 'USER_CONNECT', {});
  assert.equal((await must(music, 'PUBLISH_TRACK', { title: 'x', uploadId: id })).track.audio.size, song.length);
});

// What one user does while another one connects again and again; each must be seen by snapshot or by event, once.
test('nothing is missing between a snapshot and the events behind it, and nothing comes twice', async (t) => {
  const server = await serve(t);
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const writer = await server.connect('/chat', ann.token);
  const { group } = await must(writer, 'GROUP_CREATED', { name: 'race', kind: 'private', members: [bob.user.id] });
  let n = 0;
  let run = true;
  const writing = (async () => {
    while (run) {
      const { messageId } = await must(writer, 'MESSAGE_SENT', { groupId: group.id, message: `${++n}` });
      await must(writer, 'MESSAGE_REACTION', { messageId, reaction: ':ok:', on: true });
      await must(writer, 'MESSAGE_EDITED', { messageId, message: `${n} edited` });
      if (n % 5 === 0) await must(writer, 'MESSAGE_DELETED', { messageId });
      if (n % 7 === 0) await must(writer, 'GROUP_CREATED', { name: `g${n}`, kind: 'private', members: [bob.user.id] });
    }
  })();
  try {
    for (let round = 0; round < 25; round++) {
      const reader = await server.connect('/chat', bob.token);
      const first = await seen(reader, 'DATA_RECEIVED');
      assert.equal(reader.seen[0].event, 'DATA_RECEIVED', 'no event before the snapshot');
      const start = first.data.groups.find((g) => g.id === group.id);
      const known = new Set(first.data.groups.map((g) => g.id));
      await new Promise((r) => { setTimeout(r, 10 + (round * 13) % 50); });
      await settle(reader);
      const revs = reader.seen.filter((s) => ['MESSAGE_RECEIVED', 'MESSAGE_REACTION', 'MESSAGE_EDITED', 'MESSAGE_DELETED'].includes(s.event) && s.data.groupId === group.id).map((s) => s.data.rev);
      assert.deepEqual(revs, revs.map((_, i) => start.rev + 1 + i), `round ${round}`);
      for (const s of reader.seen.filter((x) => x.event === 'GROUP_CREATED')) {
        assert.ok(!known.has(s.data.groupId), 'a group of the snapshot is not told again');
        known.add(s.data.groupId);
      }
      const { groups } = (await must(reader, 'GET_SNAPSHOT', {})).data;
      await settle(reader);
      for (const s of reader.seen.filter((x) => x.event === 'GROUP_CREATED')) known.add(s.data.groupId);
      for (const g of groups) assert.ok(known.has(g.id), 'each group came by snapshot or by event');
      reader.disconnect();
    }
  } finally {
    run = false;
    await writing;
  }
});

test('the same in /music: the list of USER_CONNECTED and LIST_CHANGES agree with the relays', async (t) => {
  const server = await serve(t);
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const writer = await server.connect('/music', ann.token);
  await must(writer, 'USER_CONNECT', {});
  const { track } = await must(writer, 'PUBLISH_TRACK', { title: 't', audio: Buffer.from('fLaC' + '\0'.repeat(64)) });
  let run = true;
  const writing = (async () => {
    for (let n = 0; run; n++) {
      await must(writer, 'PUBLISH_RATING', { trackId: track.id, value: 1 + (n % 5) });
      await must(writer, 'PUBLISH_COMMENT', { trackId: track.id, text: `${n}` });
      await must(writer, 'UPDATE_TRACK', { id: track.id, title: `t${n}` });
      await must(writer, 'USER_UPDATE', { bio: `${n}` });
    }
  })();
  try {
    for (let round = 0; round < 15; round++) {
      const reader = await server.connect('/music', bob.token);
      await must(reader, 'USER_CONNECT', {});
      let rev = 0;
      for (let more = true; more;) ({ rev, more } = await must(reader, 'LIST_CHANGES', { afterRev: rev, limit: 500 }));
      await new Promise((r) => { setTimeout(r, 20); });
      await settle(reader);
      const revs = reader.seen.map((s) => s.data?.rev).filter((r) => r > rev);
      assert.deepEqual(revs, revs.map((_, i) => rev + 1 + i), `round ${round}`);
      reader.disconnect();
    }
  } finally {
    run = false;
    await writing;
  }
});

test('a socket that does not read is closed at its bound, and the others are not delayed', async (t) => {
  const server = await serve(t, { keys: { send_queue: 200000, compress_from: 0, packet_rate: 0 } });
  const [ann, bob, cleo] = await Promise.all(['ann', 'bob', 'cleo'].map((n) => server.register(n)));
  const writer = await server.connect('/chat', ann.token);
  const stuck = await server.connect('/chat', bob.token);
  const other = await server.connect('/chat', cleo.token);
  stuck.io.engine.transport.ws._socket.pause();
  for (let i = 0; i < 3000 && server.process.exitCode === null; i++) {
    if (i % 100 === 0) await must(writer, 'MESSAGE_SENT', { message: 'x'.repeat(4000) });
    else writer.emit('MESSAGE_SENT', { message: 'x'.repeat(4000) });
  }
  await must(writer, 'MESSAGE_SENT', { message: 'the last' });
  await seen(other, 'MESSAGE_RECEIVED', (m) => m.message === 'the last');
  const metrics = await (await server.api('GET', '/metrics')).text();
  assert.match(metrics, /overflows_total 1\b/);
  stuck.io.engine.transport.ws._socket.resume();
});

// SPDX-License-Identifier: MIT
//
// uploads - what happens to a large upload when the peer, or the server, goes in the middle of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { must, refused, serve } from './lib/antiphon.mjs';
import { gif, jpeg, png, webp } from './lib/pictures.mjs';
import { append, create, offset, sha1, upload } from './lib/tus.mjs';

// A PATCH of which only some bytes are sent; the connection stays open. Gives the socket.
async function begin(server, token, path, at, length, bytes, more = '') {
  const { port } = new URL(server.url);
  const s = connect(Number(port), '127.0.0.1');
  s.on('error', () => {});
  await new Promise((resolve) => { s.once('connect', resolve); });
  s.write(`PATCH ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nTus-Resumable: 1.0.0\r\n${more}`
    + `Content-Type: application/offset+octet-stream\r\nUpload-Offset: ${at}\r\nContent-Length: ${length}\r\n\r\n`);
  await new Promise((resolve) => { s.write(bytes, resolve); });
  return s;
}

async function until(fits, what) {
  const end = Date.now() + 10000;
  for (;;) {
    const value = await fits();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((r) => { setTimeout(r, 20); });
  }
}

const settled = (server, token, path, want) => until(async () => {
  const at = await offset(server, token, path);
  return at === want ? at : undefined;
}, `offset ${want}`);

test('what a peer has sent before it went is kept, and the upload goes on from there', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const bytes = randomBytes(12_000_000);
  const { path } = await create(server, token, bytes.length, { purpose: 'track' });
  const s = await begin(server, token, path, 0, bytes.length, bytes.subarray(0, 10_234_567));
  const at = await until(async () => ((await offset(server, token, path)) || undefined), 'a checkpoint');
  assert.equal((await append(server, token, path, at, bytes.subarray(at, at + 1))).status, 409, 'one writer at a time');
  const bob = await server.register('bob');
  assert.equal((await append(server, bob.token, path, at, bytes.subarray(at, at + 1))).status, 404, 'nobody else hears that it is written to');
  const terminate = (who) => server.api('DELETE', path, { token: who, headers: { 'tus-resumable': '1.0.0' } });
  assert.deepEqual([(await terminate(bob.token)).status, (await terminate(token)).status, (await terminate('x')).status], [404, 409, 401]);
  s.destroy();
  await settled(server, token, path, 10_234_567);
  const r = await append(server, token, path, 10_234_567, bytes.subarray(10_234_567));
  assert.equal(r.status, 204);
  assert.equal(r.headers.get('upload-offset'), String(bytes.length));
  assert.equal(await offset(server, token, path), bytes.length);
});

test('bytes whose checksum was never checked are not kept', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const bytes = randomBytes(100_000);
  const { path } = await create(server, token, bytes.length, { purpose: 'track' });
  const sum = `Upload-Checksum: ${sha1(bytes)['upload-checksum']}\r\n`;
  const s = await begin(server, token, path, 0, bytes.length, bytes.subarray(0, 60_000), sum);
  s.destroy();
  await until(async () => ((await append(server, token, path, 0, bytes, sha1(bytes))).status === 204 ? true : undefined), 'taken anew');
  assert.equal(await offset(server, token, path), bytes.length);
});

test('an upload of 64 MiB survives kill -9 from its last checkpoint on, and is whole in the end', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const bytes = randomBytes(64 << 20);
  const { path } = await create(server, token, bytes.length, { purpose: 'track' });
  const s = await begin(server, token, path, 0, bytes.length, bytes.subarray(0, 40 << 20));
  await until(async () => ((await offset(server, token, path)) >= 32 << 20 ? true : undefined), 'a checkpoint');
  await server.kill();
  s.destroy();
  await server.start();
  const at = await offset(server, token, path);
  assert.ok(at >= 32 << 20 && at <= 40 << 20, `offset ${at}`);
  assert.equal((await append(server, token, path, at, bytes.subarray(at), sha1(bytes.subarray(at)))).status, 204);
  assert.equal(await offset(server, token, path), bytes.length);
});

test('a server that stops in an orderly way keeps what has come, and says so', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const bytes = randomBytes(3_000_000);
  const { path, id } = await create(server, token, bytes.length, { purpose: 'track' });
  const s = await begin(server, token, path, 0, bytes.length, bytes.subarray(0, 2_000_000));
  let answer = '';
  s.on('data', (d) => { answer += d; });
  const part = join(server.data, 'uploads', id);
  await until(() => (statSync(part, { throwIfNoEntry: false })?.size >= 1_800_000 ? true : undefined), 'bytes in the file');
  const closed = new Promise((resolve) => { s.once('close', resolve); });
  await server.stop();
  await closed;
  assert.match(answer, /^HTTP\/1\.1 503 /);
  await server.start();
  const at = await offset(server, token, path);
  assert.ok(at >= 1_800_000 && at <= 2_000_000, `offset ${at}`);
  assert.equal((await append(server, token, path, at, bytes.subarray(at))).status, 204);
  assert.equal(await offset(server, token, path), bytes.length);
});

test('an upload of no bytes is complete at once', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const { response, path } = await create(server, token, 0, { purpose: 'track' });
  assert.equal(response.status, 201);
  assert.equal(await offset(server, token, path), 0);
  assert.equal((await append(server, token, path, 0, Buffer.alloc(0))).status, 204);
});

// A picture of a user or a track that is not taken: what the answer says; nothing of it stays.
async function refusal(server, token, bytes) {
  const { path, id } = await create(server, token, bytes.length, { purpose: 'avatar' });
  const r = await append(server, token, path, 0, bytes);
  assert.equal(await offset(server, token, path), -404, 'the upload is forgotten');
  const { errorCode, detail } = await r.json();
  return { id, said: [r.status, errorCode, detail] };
}

test('a picture that is enormous when it is shown is neither a user’s nor a track’s, however small its file', async (t) => {
  const server = await serve(t, { keys: { uploads_per_user: 1 } });
  const { token } = await server.register('ann');
  const music = await server.connect('/music', token);
  await must(music, 'USER_CONNECT', {});
  const audio = Buffer.from('fLaC' + '\0'.repeat(100));
  const kinds = { png, gif, 'gif by its first image': (w, h) => gif(w, h, true), webp, jpeg, 'jpeg behind 9 MiB': (w, h) => jpeg(w, h, 144) };
  for (const [kind, picture] of Object.entries(kinds)) {
    await must(music, 'USER_UPDATE', { avatarUploadId: await upload(server, token, picture(8000, 5000), { purpose: 'avatar' }) });
    const { id, said } = await refusal(server, token, picture(8000, 5001));
    assert.deepEqual(said, [413, 'too_large', 'The picture has 40008000 pixels; at most 40000000 are shown: make it smaller.'], kind);
    assert.equal(await refused(music, 'PUBLISH_TRACK', { title: 'x', audio, coverUploadId: id }), 'not_found');
  }
  const { said } = await refusal(server, token, png(8000, 5000).subarray(0, 20));
  assert.deepEqual(said, [400, 'bad_request', 'The picture is cut off or damaged: its size cannot be read.']);
  const coverUploadId = await upload(server, token, png(8000, 5000), { purpose: 'avatar' });
  assert.ok((await must(music, 'PUBLISH_TRACK', { title: 'x', audio, coverUploadId })).track.coverUrl);
  assert.deepEqual(readdirSync(join(server.data, 'uploads')), []);
});

test('a server that died before it judged a picture judges it when it is asked of it', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const paths = [];
  for (const bytes of [png(8000, 5000), png(8000, 5001)]) {
    const { path } = await create(server, token, bytes.length, { purpose: 'avatar' });
    await append(server, token, path, 0, bytes.subarray(0, -1));
    paths.push({ path, bytes });
  }
  await server.stop();
  // As if the last byte of each had been recorded just before.
  const folder = join(server.data, 'uploads');
  const parts = readdirSync(folder);
  assert.equal(parts.length, 2);
  for (const name of parts) appendFileSync(join(folder, name), paths[0].bytes.subarray(-1));
  execFileSync('sqlite3', [join(server.data, 'antiphon.db'), 'update upload set offset = size']);
  await server.start();
  assert.equal(await offset(server, token, paths[0].path), paths[0].bytes.length);
  assert.equal(await offset(server, token, paths[1].path), -413);
  assert.equal(await offset(server, token, paths[1].path), -404, 'it is forgotten');
  assert.deepEqual(readdirSync(folder), []);
});

test('as a file of a group an enormous picture is a file like any', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const chat = await server.connect('/chat', token);
  const { data } = await must(chat, 'GET_SNAPSHOT', {});
  const fileId = await upload(server, token, png(8000, 5001), { purpose: 'file', filename: 'a.png', groupId: data.groups[0].id });
  await must(chat, 'MESSAGE_SENT', { message: 'look', groupId: data.groups[0].id, fileIds: [fileId] });
});

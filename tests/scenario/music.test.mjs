// SPDX-License-Identifier: MIT
//
// music - what /music refuses besides what bad_input asks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must, refused, seen, serve } from './lib/antiphon.mjs';
import { upload } from './lib/tus.mjs';

test('an upload that is not complete is no cover, and a failure without acknowledgement is an event', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const music = await server.connect('/music', ann.token);
  await must(music, 'USER_CONNECT', {});
  const { track } = await must(music, 'PUBLISH_TRACK', { title: 't', audio: Buffer.from('fLaC' + '\0'.repeat(100)) });
  const created = await server.api('POST', '/api/v1/uploads', {
    token: ann.token,
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '100', 'upload-metadata': `purpose ${btoa('avatar')}` },
  });
  assert.equal(created.status, 201);
  const coverUploadId = created.headers.get('location').split('/').pop();
  assert.equal(await refused(music, 'UPDATE_TRACK', { id: track.id, coverUploadId }), 'conflict');
  music.emit('GET_TRACK', '00000000-0000-0000-0000-0000000000ff');
  const error = await seen(music, 'ERROR_OCCURED');
  assert.deepEqual([error.errorCode, error.event], ['not_found', 'GET_TRACK']);
});

test('what a user publishes stays within the quota', async (t) => {
  const server = await serve(t, { keys: { user_quota: 1024 } });
  const music = await server.connect('/music', (await server.register('ann')).token);
  await must(music, 'USER_CONNECT', {});
  const audio = (n) => Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(n - 4)]);
  const { track } = await must(music, 'PUBLISH_TRACK', { title: 'fits', audio: audio(1024) });
  assert.equal(await refused(music, 'PUBLISH_TRACK', { title: 'does not', audio: audio(4) }), 'too_large');
  await must(music, 'UNPUBLISH_TRACK', { id: track.id });
  await must(music, 'PUBLISH_TRACK', { title: 'fits now', audio: audio(4) });
});

test('the picture of a user counts in the quota', async (t) => {
  const server = await serve(t, { keys: { user_quota: 2000 } });
  const { token } = await server.register('ann');
  const music = await server.connect('/music', token);
  await must(music, 'USER_CONNECT', {});
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001', 'hex'), Buffer.alloc(1476)]);
  await must(music, 'USER_UPDATE', { avatarUploadId: await upload(server, token, picture, { purpose: 'avatar' }) });
  const audio = (n) => Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(n - 4)]);
  assert.equal(await refused(music, 'PUBLISH_TRACK', { title: 'one over', audio: audio(501) }), 'too_large');
  await must(music, 'PUBLISH_TRACK', { title: 'fits', audio: audio(500) });
});

test('GET_TRACK stays within 512 KiB, its own fields included, and its cursors lead to the rest', async (t) => {
  const server = await serve(t);
  const music = await server.connect('/music', (await server.register('ann')).token);
  await must(music, 'USER_CONNECT', {});
  const long = (n) => '\u0001'.repeat(n); // six bytes each in JSON
  const wide = (n) => '😀'.repeat(n); // four bytes each, the most that a line can have
  const { track } = await must(music, 'PUBLISH_TRACK', {
    title: wide(200), artist: wide(200), album: wide(200), genre: wide(100), audio: Buffer.from('fLaC' + 'x'.repeat(100)),
    tags: Array.from({ length: 32 }, (_, i) => wide(49) + String.fromCharCode(65 + i)),
  });
  for (let i = 0; i < 100; i++) await must(music, 'PUBLISH_COMMENT', { trackId: track.id, text: i % 2 ? long(1999) + '.' : '😀'.repeat(2000) });
  const answer = await must(music, 'GET_TRACK', track.id);
  assert.ok(Buffer.byteLength(JSON.stringify(answer)) <= 512 * 1024);
  const found = answer.track.comments.map((c) => c.id);
  for (let cursor = answer.track.commentsCursor; cursor;) {
    const page = await must(music, 'LIST_COMMENTS', { trackId: track.id, cursor, limit: 100 });
    found.push(...page.comments.map((c) => c.id));
    cursor = page.nextCursor;
  }
  assert.deepEqual([found.length, new Set(found).size], [100, 100]);
});

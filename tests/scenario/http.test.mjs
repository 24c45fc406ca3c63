// SPDX-License-Identifier: MIT
//
// http - the HTTP API: accounts, sessions, invites, roles, uploads, downloads, operation.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { must, refused, seen, serve, uuid } from './lib/antiphon.mjs';
import { blake2b, mp3, ogg } from './lib/music.mjs';
import { append, create, metadata, offset, sha1, upload } from './lib/tus.mjs';

async function problem(response, status, code) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const body = await response.json();
  assert.equal(body.errorCode, code, JSON.stringify(body));
  assert.equal(body.status, status);
  return body;
}

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('accounts: made, taken, malformed', async (t) => {
  const server = await serve(t);
  const made = await server.api('POST', '/api/v1/accounts', { body: { username: 'Élodie', password: 'correct horse', displayName: 'É' } });
  assert.equal(made.status, 201);
  const cookie = made.headers.get('set-cookie');
  assert.match(cookie, /HttpOnly/i);
  assert.match(cookie, /SameSite=Strict/i);
  const { user, token, expiresAt } = await made.json();
  assert.match(user.id, uuid);
  assert.equal(user.role, 'user');
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 30 * 86400e3) < 60e3);
  assert.equal(Buffer.from(token, 'base64url').length, 32);
  for (const username of ['Élodie', 'ÉLODIE', 'E\u0301lodie']) {
    await problem(await server.api('POST', '/api/v1/accounts', { body: { username, password: 'correct horse' } }), 409, 'conflict');
  }
  const bad = [{}, { username: 'x', password: 'correct horse' }, { username: 'ab' }, { username: 'a b', password: 'correct horse' },
    { username: 'x'.repeat(33), password: 'correct horse' }, { username: 'bob', password: '1234567' }, { username: 'bob', password: 'é'.repeat(1025) },
    { username: '\u00ad\u00ad', password: 'correct horse' }, { username: 7, password: 'correct horse' }];
  for (const body of bad) await problem(await server.api('POST', '/api/v1/accounts', { body }), 400, 'bad_request');
  await problem(await server.api('POST', '/api/v1/accounts', { body: Buffer.from('{"username":'), headers: { 'content-type': 'application/json' } }), 400, 'bad_request');
});

test('sessions: signing in, the same answer for unknown and wrong, listing, ending', async (t) => {
  const server = await serve(t);
  const { token, user } = await server.register('ann');
  const wrong = await problem(await server.api('POST', '/api/v1/sessions', { body: { username: 'ann', password: 'not this one' } }), 401, 'unauthorized');
  const unknown = await problem(await server.api('POST', '/api/v1/sessions', { body: { username: 'nobody', password: 'not this one' } }), 401, 'unauthorized');
  assert.equal(wrong.detail, unknown.detail);
  const r = await server.api('POST', '/api/v1/sessions', { body: { username: 'ANN', password: 'correct horse' } });
  assert.equal(r.status, 201);
  const second = await r.json();
  assert.equal(second.user.id, user.id);
  const { sessions } = await (await server.api('GET', '/api/v1/sessions', { token })).json();
  assert.equal(sessions.length, 2);
  const chat = await server.connect('/chat', second.token);
  const gone = new Promise((resolve) => { chat.once('disconnect', resolve); });
  const other = sessions.find((s) => !s.current);
  assert.equal((await server.api('DELETE', `/api/v1/sessions/${other.id}`, { token })).status, 204);
  assert.equal(await gone, 'io server disconnect');
  assert.equal((await seen(chat, 'ERROR_OCCURED')).errorCode, 'unauthorized');
  await problem(await server.api('GET', '/api/v1/sessions', { token: second.token }), 401, 'unauthorized');
  await problem(await server.api('DELETE', `/api/v1/sessions/${other.id}`, { token }), 404, 'not_found');
  await problem(await server.api('GET', '/api/v1/sessions'), 401, 'unauthorized');
  assert.equal((await server.api('DELETE', '/api/v1/sessions/current', { token })).status, 204);
  await problem(await server.api('GET', '/api/v1/sessions', { token }), 401, 'unauthorized');
});

test('a new password ends all other sessions', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const { token: other } = await (await server.api('POST', '/api/v1/sessions', { body: { username: 'ann', password: 'correct horse' } })).json();
  await problem(await server.api('POST', '/api/v1/password', { token, body: { current: 'wrong horse', new: 'battery staple' } }), 403, 'forbidden');
  assert.equal((await server.api('POST', '/api/v1/password', { token, body: { current: 'correct horse', new: 'battery staple' } })).status, 204);
  assert.equal((await server.api('GET', '/api/v1/sessions', { token })).status, 200);
  await problem(await server.api('GET', '/api/v1/sessions', { token: other }), 401, 'unauthorized');
  await problem(await server.api('POST', '/api/v1/sessions', { body: { username: 'ann', password: 'correct horse' } }), 401, 'unauthorized');
  assert.equal((await server.api('POST', '/api/v1/sessions', { body: { username: 'ann', password: 'battery staple' } })).status, 201);
});

test('failed logins and registrations are limited behind a trusted proxy', async (t) => {
  const keys = { trust_proxy: '127.0.0.1', failed_logins: 3, failed_logins_address: 5, registrations: 2 };
  const server = await serve(t, { keys });
  const from = (address) => ({ 'x-forwarded-for': address });
  await server.api('POST', '/api/v1/accounts', { body: { username: 'ann', password: 'correct horse' }, headers: from('192.0.2.1') });
  const login = (username, password, address) => server.api('POST', '/api/v1/sessions', { body: { username, password }, headers: from(address) });
  for (let i = 0; i < 3; i++) assert.equal((await login('ann', 'wrong horse', '192.0.2.7')).status, 401);
  const limited = await login('ann', 'correct horse', '192.0.2.7');
  const wait = Number(limited.headers.get('retry-after'));
  assert.ok(wait > 0 && wait <= 600, `seconds, of a window of ten minutes: ${wait}`);
  const { retryAfterMs } = await limited.clone().json();
  assert.ok(retryAfterMs > (wait - 1) * 1000 && retryAfterMs <= wait * 1000);
  await problem(limited, 429, 'rate_limited');
  assert.equal((await login('ann', 'correct horse', '192.0.2.8')).status, 201, 'another address is not limited');
  for (let i = 0; i < 2; i++) assert.equal((await login(`nobody${i}`, 'wrong horse', '192.0.2.7')).status, 401);
  assert.equal((await login('nobody9', 'wrong horse', '192.0.2.7')).status, 429, 'the address as a whole');
  const make = (username) => server.api('POST', '/api/v1/accounts', { body: { username, password: 'correct horse' }, headers: from('192.0.2.1') });
  assert.equal((await make('bob')).status, 201);
  assert.equal((await make('cleo')).status, 429);
});

test('one header says who the client is; IPv6 counts by /64; who cannot be read is one for all', async (t) => {
  const server = await serve(t, { keys: { trust_proxy: '127.0.0.1', failed_logins: 2 } });
  await server.api('POST', '/api/v1/accounts', { body: { username: 'ann', password: 'correct horse' } });
  const login = async (headers) => (await server.api('POST', '/api/v1/sessions', { body: { username: 'ann', password: 'wrong horse' }, headers })).status;
  const cases = {
    'Forwarded beside it': (i) => ({ 'x-forwarded-for': '192.0.2.1', forwarded: `for=10.9.8.${i}` }),
    'a /64': (i) => ({ 'x-forwarded-for': `2001:db8:1:1::${i + 1}` }),
    'IPv4 in IPv6': (i) => ({ 'x-forwarded-for': i % 2 ? '::ffff:192.0.2.2' : '192.0.2.2' }),
    'more hops than are looked at': (i) => ({ 'x-forwarded-for': `${Array(15).fill('192.0.2.3').join(', ')}, 10.7.7.${i}, 192.0.2.4` }),
    'nothing to be read': (i) => (['unknown', '127.0.0.1', '_x'][i] ? { 'x-forwarded-for': ['unknown', '127.0.0.1', '_x'][i] } : {}),
  };
  for (const [what, headers] of Object.entries(cases)) {
    const seen = [];
    for (let i = 0; i < 4; i++) seen.push(await login(headers(i)));
    assert.deepEqual(seen, [401, 401, 429, 429], what);
  }
  assert.equal(await login({ 'x-forwarded-for': '2001:db8:1:2::1' }), 401, 'another /64');
});

test('a proxy on this machine that is not trusted is warned of, once', async (t) => {
  const server = await serve(t, {});
  for (let i = 0; i < 2; i++) await server.api('GET', '/healthz', { headers: { 'x-forwarded-for': '192.0.2.1' } });
  await server.stop();
  assert.equal(server.errors.split('trust_proxy').length, 2, server.errors);
});

test('invites, roles, suspension', async (t) => {
  const server = await serve(t, { keys: { registration: 'invite' } });
  const admin = await server.register('root', { invite: server.adminCode });
  await problem(await server.api('POST', '/api/v1/accounts', { body: { username: 'ann', password: 'correct horse' } }), 403, 'forbidden');
  const r = await server.api('POST', '/api/v1/invites', { token: admin.token, body: { uses: 2 } });
  assert.equal(r.status, 201);
  const invite = await r.json();
  const code = invite.code ?? invite.link.split('/').pop();
  const ann = await server.register('ann', { invite: code });
  const bob = await server.register('bob', { invite: code });
  await problem(await server.api('POST', '/api/v1/accounts', { body: { username: 'cleo', password: 'correct horse', invite: code } }), 403, 'forbidden');
  await problem(await server.api('GET', '/api/v1/invites', { token: ann.token }), 403, 'forbidden');
  await problem(await server.api('PATCH', `/api/v1/users/${bob.user.id}`, { token: ann.token, body: { role: 'admin' } }), 403, 'forbidden');
  const more = await (await server.api('POST', '/api/v1/invites', { token: admin.token, body: { uses: 1 } })).json();
  assert.equal((await server.api('DELETE', `/api/v1/invites/${more.id}`, { token: admin.token })).status, 204);
  await problem(await server.api('DELETE', `/api/v1/invites/${more.id}`, { token: admin.token }), 404, 'not_found');

  const promoted = await server.api('PATCH', `/api/v1/users/${ann.user.id}`, { token: admin.token, body: { role: 'moderator' } });
  assert.equal((await promoted.json()).user?.role ?? 'moderator', 'moderator');
  const annChat = await server.connect('/chat', ann.token);
  const bobChat = await server.connect('/chat', bob.token);
  const { messageId } = await must(bobChat, 'MESSAGE_SENT', { message: 'rude' });
  await must(annChat, 'MESSAGE_DELETED', { messageId });
  const gone = new Promise((resolve) => { bobChat.once('disconnect', resolve); });
  assert.equal((await server.api('PATCH', `/api/v1/users/${bob.user.id}`, { token: admin.token, body: { suspended: true } })).status, 200);
  assert.equal(await gone, 'io server disconnect');
  await problem(await server.api('POST', '/api/v1/sessions', { body: { username: 'bob', password: 'correct horse' } }), 403, 'forbidden');
  const suspended = async (who) => {
    const music = await server.connect('/music', who.token);
    await must(music, 'USER_CONNECT', {});
    const { users } = await must(music, 'LIST_USERS', {});
    return users.map((u) => [u.username, u.suspended]);
  };
  assert.deepEqual(await suspended(admin), [['ann', undefined], ['bob', true], ['root', undefined]]);
  assert.deepEqual(await suspended(ann), [['ann', undefined], ['bob', undefined], ['root', undefined]]);
  assert.equal((await server.api('PATCH', `/api/v1/users/${bob.user.id}`, { token: admin.token, body: { suspended: false } })).status, 200);
  assert.deepEqual((await suspended(admin))[1], ['bob', undefined]);
  await problem(await server.api('PATCH', `/api/v1/users/${admin.user.id}`, { token: admin.token, body: { role: 'user' } }), 409, 'conflict');
});

test('tus: creation, offsets, checksum, termination, refusals', async (t) => {
  const server = await serve(t, { keys: { max_upload: 1 << 20, user_quota: 3 << 20, uploads_per_user: 3 } });
  const ann = await server.register('ann');
  const bob = await server.register('bob');
  const options = await server.api('OPTIONS', '/api/v1/uploads');
  assert.equal(options.status, 204);
  for (const word of ['creation', 'expiration', 'checksum', 'termination']) assert.match(options.headers.get('tus-extension'), new RegExp(word));
  assert.equal(options.headers.get('tus-max-size'), String(1 << 20));

  const bytes = Buffer.alloc(300000, 'music ');
  const { response, path } = await create(server, ann.token, bytes.length, { filename: 'a.bin', purpose: 'track' });
  assert.equal(response.status, 201);
  assert.ok(Date.parse(response.headers.get('upload-expires')) > Date.now());
  assert.equal(await offset(server, ann.token, path), 0);
  const first = bytes.subarray(0, 100000);
  const wrongSum = await append(server, ann.token, path, 0, first, sha1(Buffer.from('other')));
  assert.equal(wrongSum.status, 460);
  assert.equal(await offset(server, ann.token, path), 0, 'nothing of it was kept');
  const appended = await append(server, ann.token, path, 0, first, sha1(first));
  assert.equal(appended.status, 204);
  assert.equal(appended.headers.get('upload-offset'), '100000');
  assert.equal((await append(server, ann.token, path, 0, first)).status, 409, 'another offset');
  assert.equal(await offset(server, bob.token, path), -404, 'nobody else’s');
  assert.equal((await append(server, bob.token, path, 100000, first)).status, 404);
  assert.ok([400, 413].includes((await append(server, ann.token, path, 100000, bytes)).status), 'more than was announced');
  assert.equal(await offset(server, ann.token, path), 100000);
  assert.equal((await server.api('DELETE', path, { token: ann.token, headers: { 'tus-resumable': '1.0.0' } })).status, 204);
  assert.ok([-404, -410].includes(await offset(server, ann.token, path)));

  assert.equal((await create(server, ann.token, (1 << 20) + 1, { purpose: 'track' })).response.status, 413);
  assert.equal((await create(server, ann.token, 1 << 20, { purpose: 'track' })).response.status, 201);
  assert.equal((await server.api('POST', '/api/v1/uploads', { token: ann.token, headers: { 'upload-length': '5' } })).status, 412, 'no Tus-Resumable');
  assert.equal((await create(server, ann.token, 10, { purpose: 'nonsense' })).response.status, 400);
  assert.equal((await server.api('POST', '/api/v1/uploads', { headers: { 'tus-resumable': '1.0.0', 'upload-length': '5', 'upload-metadata': metadata({ purpose: 'track' }) } })).status, 401);
  assert.equal((await create(server, ann.token, 1 << 20, { purpose: 'track' })).response.status, 201);
  assert.equal((await create(server, ann.token, 1 << 20, { purpose: 'track' })).response.status, 201);
  const over = await create(server, ann.token, 1, { purpose: 'track' });
  assert.ok([409, 413, 429].includes(over.response.status), 'a fourth unfinished one');
});

test('the quota is reserved at creation and comes back with termination', async (t) => {
  const server = await serve(t, { keys: { max_upload: 2000000, user_quota: 3000000 } });
  const ann = await server.register('ann');
  const first = await create(server, ann.token, 2000000, { purpose: 'track' });
  assert.equal((await create(server, ann.token, 1000001, { purpose: 'track' })).response.status, 413);
  assert.equal((await server.api('DELETE', first.path, { token: ann.token, headers: { 'tus-resumable': '1.0.0' } })).status, 204);
  assert.equal((await create(server, ann.token, 1000001, { purpose: 'track' })).response.status, 201);
});

test('an uploadId is good by its owner, when complete, once', async (t) => {
  const server = await serve(t);
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const music = await server.connect('/music', ann.token);
  const bobMusic = await server.connect('/music', bob.token);
  await must(music, 'USER_CONNECT', {});
  await must(bobMusic, 'USER_CONNECT', {});
  const song = ogg();
  const half = await create(server, ann.token, song.length, { purpose: 'track' });
  await append(server, ann.token, half.path, 0, song.subarray(0, 1000));
  assert.equal(await refused(music, 'PUBLISH_TRACK', { title: 'x', uploadId: half.id }), 'conflict');
  await append(server, ann.token, half.path, 1000, song.subarray(1000));
  assert.equal(await refused(bobMusic, 'PUBLISH_TRACK', { title: 'x', uploadId: half.id }), 'not_found');
  await must(music, 'PUBLISH_TRACK', { title: 'x', uploadId: half.id });
  assert.equal(await refused(music, 'PUBLISH_TRACK', { title: 'x', uploadId: half.id }), 'conflict');
  const text = await create(server, ann.token, 5, { purpose: 'track' });
  const refusedAtEnd = await append(server, ann.token, text.path, 0, Buffer.from('words'));
  if (refusedAtEnd.status === 204) assert.equal(await refused(music, 'PUBLISH_TRACK', { title: 'x', uploadId: text.id }), 'bad_request');
  const picture = await upload(server, ann.token, png, { purpose: 'avatar', filename: 'me.png' });
  assert.equal(await refused(music, 'PUBLISH_TRACK', { title: 'x', uploadId: picture }), 'bad_request');
  const { user } = await must(music, 'USER_UPDATE', { avatarUploadId: picture });
  assert.equal(user.avatarUrl, `/api/v1/users/${ann.user.id}/avatar`, 'a plain path');
  const r = await server.api('GET', user.avatarUrl, { token: ann.token });
  assert.equal(r.headers.get('content-type'), 'image/png');
  assert.equal(r.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(await refused(music, 'USER_UPDATE', { avatarUploadId: picture }), 'conflict');
  assert.equal((await must(music, 'USER_UPDATE', { avatarUploadId: null })).user.avatarUrl, null);
});

test('downloads: signature, bearer, cookie; ETag, Range, If-Range, HEAD', async (t) => {
  const server = await serve(t);
  const ann = await server.register('ann');
  const music = await server.connect('/music', ann.token);
  await must(music, 'USER_CONNECT', {});
  const song = mp3();
  const uploadId = await upload(server, ann.token, song, { purpose: 'track', filename: 'a.mp3' });
  const { track } = await must(music, 'PUBLISH_TRACK', { title: 'x', uploadId });
  assert.equal(track.audio.url, `/api/v1/tracks/${track.id}/audio`, 'a plain path');
  const { url: link } = await (await server.api('POST', '/api/v1/links', { token: ann.token, body: { path: track.audio.url } })).json();
  const url = new URL(link, server.url);
  const get = (headers = {}, u = url) => fetch(u, { headers });
  const path = `/api/v1/tracks/${track.id}/audio`;
  assert.equal(url.pathname, path);

  const whole = await get();
  assert.equal(whole.headers.get('accept-ranges'), 'bytes');
  const etag = whole.headers.get('etag');
  assert.equal(blake2b(Buffer.from(await whole.arrayBuffer())), blake2b(song));
  const ranges = [['bytes=0-99', 0, 100], ['bytes=100-', 100, song.length], ['bytes=-100', song.length - 100, song.length], ['bytes=5-5', 5, 6], [`bytes=10-${song.length * 2}`, 10, song.length]];
  for (const [range, from, to] of ranges) {
    const r = await get({ range });
    assert.equal(r.status, 206, range);
    assert.equal(r.headers.get('content-range'), `bytes ${from}-${to - 1}/${song.length}`);
    assert.ok(Buffer.from(await r.arrayBuffer()).equals(song.subarray(from, to)), range);
  }
  const several = await get({ range: 'bytes=0-9,1000-1009' });
  assert.equal(several.status, 206);
  const boundary = /multipart\/byteranges; ?boundary="?([^";]+)/.exec(several.headers.get('content-type'))[1];
  const parts = Buffer.from(await several.arrayBuffer()).toString('latin1').split(`--${boundary}`);
  assert.equal(parts.length, 4);
  assert.ok(parts[2].endsWith(song.subarray(1000, 1010).toString('latin1') + '\r\n'));
  assert.equal((await get({ range: `bytes=${song.length}-` })).status, 416);
  assert.equal((await get({ range: 'bytes=' + Array.from({ length: 17 }, (_, i) => `${i * 10}-${i * 10}`).join(',') })).status, 416, 'more than 16 ranges');
  assert.equal((await get({ range: 'lines=1-2' })).status, 200);
  assert.equal((await get({ 'if-none-match': etag })).status, 304);
  assert.equal((await get({ range: 'bytes=0-9', 'if-range': etag })).status, 206);
  assert.equal((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status, 200);
  const head = await fetch(url, { method: 'HEAD' });
  assert.equal(head.headers.get('content-length'), String(song.length));

  await problem(await server.api('GET', path), 401, 'unauthorized');
  assert.equal((await server.api('GET', path, { token: ann.token })).status, 200);
  const signedIn = await server.api('POST', '/api/v1/sessions', { body: { username: 'ann', password: 'correct horse' } });
  const cookie = signedIn.headers.get('set-cookie').split(';')[0];
  assert.equal((await server.api('GET', path, { headers: { cookie } })).status, 200);
  const again = await server.api('GET', '/api/v1/sessions', { token: ann.token });
  assert.match(again.headers.get('set-cookie'), /^antiphon=[^;]+;.*HttpOnly/, 'who has the token alone gets the cookie');
  assert.equal((await server.api('DELETE', '/api/v1/sessions/current', { headers: { cookie } })).status, 401, 'the cookie is good for GET alone');
  assert.equal((await server.api('GET', '/api/v1/sessions', { headers: { cookie } })).status, 401, 'and for the media routes alone');
  const forged = new URL(url);
  const [key, value] = [...forged.searchParams].find(([k]) => /^s/.test(k)) ?? [...forged.searchParams].at(-1);
  forged.searchParams.set(key, (value[0] === 'a' ? 'b' : 'a') + value.slice(1));
  assert.equal((await get({}, forged)).status, 401);
  const elsewhere = new URL(`/api/v1/users/${ann.user.id}/avatar${url.search}`, server.url);
  assert.equal((await get({}, elsewhere)).status, 401, 'a signature is good for its own path alone');
});

test('a file of a group is for its members, and never runs in a browser', async (t) => {
  const server = await serve(t);
  const [ann, bob] = [await server.register('ann'), await server.register('bob')];
  const chat = await server.connect('/chat', ann.token);
  const { group } = await must(chat, 'GROUP_CREATED', { name: 'g', kind: 'private' });
  const html = Buffer.from('<!doctype html><script>alert(1)</script>');
  const { fileId } = await must(chat, 'FILE_UPLOADED', { groupId: group.id, fileName: 'é"\r\n.html', data: html });
  const r = await server.api('GET', `/api/v1/files/${fileId}`, { token: ann.token });
  assert.equal(r.headers.get('content-type'), 'application/octet-stream');
  assert.equal(r.headers.get('x-content-type-options'), 'nosniff');
  assert.match(r.headers.get('content-disposition'), /^attachment; filename/);
  assert.ok(Buffer.from(await r.arrayBuffer()).equals(html));
  await problem(await server.api('GET', `/api/v1/files/${fileId}`, { token: bob.token }), 403, 'forbidden');
});

test('healthz, readyz, metrics; unknown routes and methods', async (t) => {
  const server = await serve(t);
  assert.equal((await server.api('GET', '/healthz')).status, 200);
  assert.equal((await server.api('GET', '/readyz')).status, 200);
  const metrics = await (await server.api('GET', '/metrics')).text();
  for (const line of metrics.split('\n').filter(Boolean)) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[\d.e+-]+)$/, line);
  for (const name of ['antiphon_connections', 'antiphon_store_commits_total', 'antiphon_store_jobs_total']) assert.ok(metrics.includes(name), name);
  await problem(await server.api('GET', '/api/v1/nothing'), 404, 'not_found');
  const r = await server.api('PUT', '/api/v1/sessions');
  assert.equal(r.status, 405);
  assert.match(r.headers.get('allow'), /POST/);
});

test('CORS is closed until it is configured', async (t) => {
  const closed = await serve(t);
  const headers = { origin: 'https://example.org' };
  assert.equal((await closed.api('GET', '/healthz', { headers })).headers.get('access-control-allow-origin'), null);
  const open = await serve(t, { keys: { cors_origin: 'https://example.org' } });
  assert.equal((await open.api('GET', '/healthz', { headers })).headers.get('access-control-allow-origin'), 'https://example.org');
  assert.equal((await open.api('GET', '/healthz', { headers: { origin: 'https://evil.example' } })).headers.get('access-control-allow-origin'), null);
});

// Raw bytes on a connection; gives what came back until the server closed it.
function raw(server, bytes) {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    const s = connect(Number(port), '127.0.0.1', () => s.write(bytes));
    let text = '';
    s.on('data', (d) => { text += d; });
    s.on('close', () => resolve(text));
    s.on('error', reject);
  });
}

const smuggling = {
  'a space before the colon': 'GET /healthz HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n',
  'a folded header': 'GET /healthz HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n',
  'no Host': 'GET /healthz HTTP/1.1\r\nX: y\r\n\r\n',
  'two Hosts': 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'length and chunks': 'POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'two lengths': 'POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
  'bare line feeds': 'GET /healthz HTTP/1.1\nHost: a\n\n',
  'no HTTP at all': '\x16\x03\x01 hello\r\n\r\n',
};

for (const [what, bytes] of Object.entries(smuggling)) {
  test(`a request with ${what} is refused with 400, and the server goes on`, async (t) => {
    const server = await serve(t);
    assert.match(await raw(server, bytes), /^HTTP\/1\.1 400 /);
    assert.equal((await server.api('GET', '/healthz')).status, 200);
  });
}

test('a header block of more than 16 KiB is refused with 431', async (t) => {
  const server = await serve(t);
  assert.match(await raw(server, `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(17000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
});

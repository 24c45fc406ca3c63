// SPDX-License-Identifier: MIT
//
// tls - antiphond with TLS of its own: npm clients, large files, an early end, sessions resumed, a certificate read again.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect as connectTcp, createServer } from 'node:net';
import { connect } from 'node:tls';
import { io } from 'socket.io-client';
import { ask, binary, folder, must, seen, serve } from './lib/antiphon.mjs';
import { certificate } from './lib/certificate.mjs';
import { spawnSync } from 'node:child_process';
import { upload } from './lib/tus.mjs';

const names = 'DNS:localhost,IP:127.0.0.1';

async function secure(t, keys = {}) {
  const mine = certificate(names);
  const server = await serve(t, { keys: { listen_tls: '127.0.0.1:0', tls_certificate: mine.path, tls_key: mine.keyPath, ...keys } });
  while (!server.output.includes('\nand at ')) await once(server.process.stdout, 'data');
  const url = /and at (https:\S+)/.exec(server.output)[1];
  return { server, url, port: Number(new URL(url).port), ...mine };
}

// A GET by https; gives status, headers and body.
function get(url, ca, path, headers = {}) {
  return new Promise((resolve, reject) => {
    request(url + path, { ca, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (d) => parts.push(d)).on('error', reject)
        .on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    }).on('error', reject).end();
  });
}

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  test(`npm clients talk through it: ${transports.join(' then ')}`, async (t) => {
    const { server, url, cert } = await secure(t);
    const anna = await server.register('anna');
    const socket = io(`${url}/chat`, { auth: { token: anna.token }, transports, ca: cert, forceNew: true });
    t.after(() => socket.disconnect());
    await once(socket, 'connect');
    while (socket.io.engine.transport.name !== transports.at(-1)) await once(socket.io.engine, 'upgrade');
    const bytes = randomBytes(300000);
    const file = await must(socket, 'FILE_UPLOADED', { fileName: 'a.bin', data: bytes });
    assert.deepEqual((await get(url, cert, file.url, { authorization: `Bearer ${anna.token}` })).body, bytes);
    const many = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(socket, 'MESSAGE_SENT', { message: `${i} ${'x'.repeat(i * 15)}` })));
    assert.ok(many.every((m) => m.ok));
  });
}

test('a large file comes whole, in ranges, to many at once, and to one who stops reading', async (t) => {
  const { server, url, cert, port } = await secure(t);
  const anna = await server.register('anna');
  const bytes = randomBytes(5000000);
  const chat = await server.connect('/chat', anna.token);
  const { group } = await must(chat, 'GROUP_CREATED', { name: 'a', kind: 'private' });
  await upload(server, anna.token, bytes, { purpose: 'file', groupId: group.id, filename: 'large.bin' });
  const file = await seen(chat, 'FILE_UPLOADED');
  const lazy = connect({ port, ca: cert, ALPNProtocols: ['http/1.1'] });
  await once(lazy, 'secureConnect');
  lazy.pause();
  const authorization = `Bearer ${anna.token}`;
  lazy.write(`GET ${file.url} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`);
  const all = await Promise.all(Array.from({ length: 4 }, () => get(url, cert, file.url, { authorization })));
  for (const r of all) assert.ok(r.body.equals(bytes));
  const part = await get(url, cert, file.url, { authorization, range: 'bytes=1000000-1999999' });
  assert.equal(part.status, 206);
  assert.ok(part.body.equals(bytes.subarray(1000000, 2000000)));
  lazy.destroy();
  await must(chat, 'LIST_NOTIFICATIONS', {});
});

test('old protocols, foreign ALPN and plain HTTP are refused; http/1.1 is spoken; cookies are marked secure', async (t) => {
  const { server, url, cert, port } = await secure(t);
  const to = (more) => new Promise((resolve) => {
    const socket = connect({ port, ca: cert, ...more }, () => { resolve(socket.alpnProtocol || socket.getProtocol()); socket.destroy(); });
    socket.on('error', (e) => resolve(e.code));
  });
  assert.equal(await to({ ALPNProtocols: ['h2', 'http/1.1'] }), 'http/1.1');
  assert.match(await to({ ALPNProtocols: ['h2'] }), /^ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL$|^ERR_SSL_TLSV13_ALERT_NO_APPLICATION|NO_APPLICATION_PROTOCOL/);
  assert.equal(await to({ maxVersion: 'TLSv1.2' }), 'TLSv1.2');
  assert.match(await to({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }), /PROTOCOL_VERSION|UNSUPPORTED|PROTOCOL/);
  const plain = connectTcp(port, '127.0.0.1');
  plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  plain.resume();
  await once(plain, 'close');
  await server.register('anna');
  const made = await new Promise((resolve, reject) => {
    request(`${url}/api/v1/sessions`, { method: 'POST', ca: cert, headers: { 'content-type': 'application/json' } }, resolve)
      .on('error', reject).end(JSON.stringify({ username: 'anna', password: 'correct horse' }));
  });
  made.resume();
  assert.ok(made.statusCode < 300, String(made.statusCode));
  for (const cookie of made.headers['set-cookie'] ?? []) assert.match(cookie, /; Secure/);
});

// The certificate that a new connection sees, and whether it resumed the session that was given.
function shown(port, session) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, rejectUnauthorized: false, session, maxVersion: 'TLSv1.2' }, () => {
      const print = socket.getPeerCertificate().fingerprint256;
      const result = { print, reused: socket.isSessionReused(), session: socket.getSession() };
      socket.end();
      socket.resume();
      socket.on('close', () => resolve(result));
    });
    socket.on('error', reject);
  });
}

test('a certificate is read again on SIGHUP; sessions of before are resumed; a bad one leaves the old in use', async (t) => {
  const { server, port, path, keyPath } = await secure(t);
  const first = await shown(port);
  assert.equal((await shown(port, first.session)).reused, true);
  const log = async (sentence) => {
    while (!server.errors.includes(sentence)) await once(server.process.stderr, 'data');
    server.errors = '';
  };
  const other = certificate(names);
  copyFileSync(other.path, path);
  server.process.kill('SIGHUP');
  await log('are not a certificate and its key');
  assert.equal((await shown(port)).print, first.print);
  copyFileSync(other.keyPath, keyPath);
  server.process.kill('SIGHUP');
  await log('The certificate was read again.');
  assert.notEqual((await shown(port)).print, first.print);
  assert.equal((await shown(port, first.session)).reused, true);
});

test('a peer that stops at any byte of its handshake costs a time limit and nothing else', async (t) => {
  const { server, port } = await secure(t);
  const catcher = createServer().listen(0, '127.0.0.1');
  await once(catcher, 'listening');
  const client = connect({ port: catcher.address().port, rejectUnauthorized: false });
  client.on('error', () => {});
  const [caught] = await once(catcher, 'connection');
  const [hello] = await once(caught, 'data');
  caught.destroy();
  catcher.close();
  for (let cut = 0; cut <= hello.length; cut += 7) {
    const peer = connectTcp(port, '127.0.0.1');
    peer.on('error', () => {});
    peer.write(hello.subarray(0, cut));
    peer.end(randomBytes(cut % 40));
    peer.resume();
    await once(peer, 'close');
  }
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
});

test('a certificate that is none, or is not there, is told in one sentence', () => {
  const at = folder();
  writeFileSync(join(at, 'x.pem'), 'nothing');
  for (const [file, sentence] of [[join(at, 'x.pem'), 'are not a certificate and its key, in PEM.'], [join(at, 'none'), 'cannot be read']]) {
    const r = spawnSync(binary, ['--data', join(at, 'data'), '--listen', '127.0.0.1:0', '--listen-tls', '127.0.0.1:0', '--tls-certificate', file, '--tls-key', file], { encoding: 'utf8' });
    assert.equal(r.status, 78);
    assert.ok(r.stderr.includes(sentence), r.stderr);
    assert.equal(r.stderr.trim().split('\n').length, 1, r.stderr);
  }
});

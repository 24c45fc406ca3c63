// SPDX-License-Identifier: MIT
//
// cli_doctor - antiphon doctor: what is not well is said exactly, with what to do about it; exit codes of each kind.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer as createTls } from 'node:tls';
import { folder, serve } from './lib/antiphon.mjs';
import { mp3 } from './lib/music.mjs';
import { antiphon, person, signedIn } from './lib/person.mjs';

// A certificate signed by itself; days below 0: it has expired.
function certificate(name, days = 2) {
  const at = folder('antiphon-tls-');
  const [key, request, cert, more] = ['key.pem', 'request.pem', 'cert.pem', 'more.cnf'].map((f) => join(at, f));
  writeFileSync(more, `subjectAltName=${name}\n`);
  execFileSync('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=antiphon test', '-keyout', key, '-out', request], { stdio: 'ignore' });
  execFileSync('openssl', ['x509', '-req', '-in', request, '-signkey', key, '-days', String(days), '-extfile', more, '-out', cert], { stdio: 'ignore' });
  return { path: cert, key: readFileSync(key), cert: readFileSync(cert) };
}

// TLS in front of the server; gives its address.
async function front(t, server, tls) {
  const open = new Set();
  const at = createTls({ key: tls.key, cert: tls.cert }, (from) => {
    const to = connect(new URL(server.url).port, '127.0.0.1');
    for (const [a, b] of [[from, to], [to, from]]) {
      open.add(a);
      a.on('error', () => b.destroy());
      a.on('close', () => { open.delete(a); b.destroy(); });
      a.pipe(b);
    }
  });
  await new Promise((resolve) => { at.listen(0, '127.0.0.1', resolve); });
  t.after(() => { at.close(); for (const s of open) s.destroy(); });
  return `https://localhost:${at.address().port}`;
}

test('doctor over TLS: a certificate that is trusted, one of an unknown authority, of another name, and an expired one', async (t) => {
  const server = await serve(t);
  const good = certificate('DNS:localhost,IP:127.0.0.1');
  const address = await front(t, server, good);
  const ann = person(server);
  const login = await ann.run(['register', 'ann', '--password-stdin', '--server', address, '--ca', good.path], 'correct horse\n');
  assert.equal(login.code, 0, login.err);
  const { checks } = await ann.json('doctor', '--server', address, '--ca', good.path);
  assert.deepEqual(checks.filter((x) => !x.ok), []);
  assert.deepEqual(checks.map((x) => x.check), ['address', 'tls', 'store', 'token', 'protocol', 'clock', 'limits']);
  assert.match(checks[1].message, /certificate is trusted/);

  const cases = [
    [good, [], /certificate is not trusted: self-signed certificate\. .* say `--ca FILE`\./],
    [certificate('DNS:example.org'), null, /certificate is not for localhost/],
    [certificate('DNS:localhost', -1), null, /certificate has expired\. Whoever runs the server must renew it; or the clock here is wrong, which says \d{4}-/],
  ];
  for (const [tls, words, sentence] of cases) {
    const r = await ann.run(['doctor', '--server', await front(t, server, tls), ...(words ?? ['--ca', tls.path])]);
    assert.match(r.out, sentence);
    assert.match(r.out, /^FAIL +tls /);
    assert.equal(r.code, 69);
  }
  const missing = await ann.run(['doctor', '--ca', '/no/such/file']);
  assert.equal(missing.code, 66);
});

test('doctor says which of address, token, store and limits is not well', async (t) => {
  const server = await serve(t, { keys: { max_payload: 20000 } });
  const stranger = person(server);
  let r = await stranger.run(['doctor']);
  assert.equal(r.code, 77);
  assert.match(r.out, /FAIL +token +You are not signed in; run `antiphon login`\./);
  r = await stranger.run(['doctor', '--server', 'http://127.0.0.1:9']);
  assert.equal(r.code, 69);
  assert.match(r.out, /FAIL +address +Nothing answers at http:\/\/127\.0\.0\.1:9: .*Check the address/);
  r = await stranger.run(['doctor', '--server', 'http://nowhere.invalid']);
  assert.match(r.out, /FAIL +address .* name/);

  const ann = await signedIn(server, 'ann');
  r = await ann.run(['doctor']);
  assert.equal(r.code, 78);
  assert.match(r.out, /FAIL +limits +A packet carries at most 20000 bytes, too little/);
  const [file] = readdirSync(ann.config).filter((f) => f.startsWith('token-'));
  chmodSync(join(ann.config, file), 0o644);
  r = await ann.run(['doctor']);
  assert.equal(r.code, 77);
  assert.match(r.out, /FAIL +token +Others may read the token/);
  assert.equal(r.err, '');
  chmodSync(join(ann.config, file), 0o600);
  await ann.ok('logout');
  writeFileSync(join(ann.config, file), 'no token of this server\n', { mode: 0o600 });
  r = await ann.run(['doctor']);
  assert.equal(r.code, 77);
  assert.match(r.out, /The server does not take the token/);
});

// A server that answers what it is told, for what ours does not.
async function odd(t, answer) {
  const at = createServer(answer);
  await new Promise((resolve) => { at.listen(0, '127.0.0.1', resolve); });
  t.after(() => { at.closeAllConnections(); at.close(); });
  return { url: `http://127.0.0.1:${at.address().port}` };
}

test('every kind of failure has its exit code of sysexits.h, and one sentence', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const status = (code, errorCode) => odd(t, (q, a) => {
    a.writeHead(code, { 'content-type': 'application/problem+json' });
    a.end(JSON.stringify({ errorCode, detail: 'It is so.' }));
  });
  const silent = await status(200, '');
  const cases = [
    ['EX_USAGE', 64, ann, ['users', '--limit', 'x']],
    ['EX_DATAERR', 65, ann, ['send', 'nowhere', 'x']],
    ['EX_NOINPUT', 66, ann, ['publish', '/no/such/file.ogg']],
    ['EX_UNAVAILABLE', 69, person(), ['login', 'ann', '--password-stdin']],
    ['EX_SOFTWARE', 70, person(await status(500, 'internal')), ['login', 'ann', '--password-stdin']],
    ['EX_CANTCREAT', 73, person(server, { env: { XDG_CONFIG_HOME: '/proc/nowhere' } }), ['login', 'ann', '--password-stdin']],
    ['EX_TEMPFAIL', 75, person(await status(429, 'rate_limited')), ['login', 'ann', '--password-stdin']],
    ['EX_NOPERM', 77, person(await status(401, 'unauthorized')), ['login', 'ann', '--password-stdin']],
    ['EX_UNAVAILABLE', 69, person(silent), ['login', 'ann', '--password-stdin']],
  ];
  for (const [what, code, who, words] of cases) {
    const r = await who.run(words, 'correct horse\n');
    assert.equal(r.code, code, `${what}: ${words.join(' ')}: ${r.err}`);
    assert.match(r.err, /^antiphon: [^\n]*\.\n$/);
    assert.equal(r.out, '');
  }
  // EX_IOERR: what is printed goes nowhere.
  assert.throws(() => execFileSync('sh', ['-c', 'exec "$0" --help >/dev/full', antiphon], { stdio: 'ignore' }), (e) => e.status === 74);
});

test('with --json every command prints JSON and nothing else', async (t) => {
  const server = await serve(t);
  const [ann] = [await signedIn(server, 'ann'), await signedIn(server, 'bob')];
  const file = join(folder(), 'one.mp3');
  writeFileSync(file, mp3());
  const commands = [
    ['whoami'], ['sessions'], ['users'], ['status', 'away', 'out'], ['profile', 'bob'], ['profile', '--bio', 'x'], ['settings', 'a', '1'],
    ['settings'], ['settings', 'a'], ['create', 'news', 'bob'], ['groups'], ['leave', 'news'], ['join', 'news'], ['members', 'news'], ['send', 'news', 'hi'],
    ['history', 'news'], ['search', 'hi'], ['leave', 'news'], ['publish', file], ['tracks'], ['show', 'one'], ['update', 'one', '--artist', 'x'],
    ['comment', 'one', 'nice'], ['rate', 'one', '5'], ['download', 'one', '-o', join(folder(), 'x')], ['unpublish', 'one'],
    ['emit', 'LIST_GROUPS'], ['doctor'], ['logout'],
  ];
  for (const words of commands) {
    const out = await ann.ok(...words, '--json');
    assert.match(out, /^[^\n]+\n$/, `${words.join(' ')} prints one line`);
    JSON.parse(out);
  }
});

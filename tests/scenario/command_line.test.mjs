// SPDX-License-Identifier: MIT
//
// command_line - options, file and environment, exit codes, one line when ready, draining on SIGTERM.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Server, binary, folder, must, serve } from './lib/antiphon.mjs';

const run = (args, env = {}) => spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 10000 });

test('--help lists every key, --version the version', () => {
  const help = run(['--help']);
  assert.equal(help.status, 0);
  for (const option of ['--config', '--listen', '--data', '--registration', '--trust-proxy', '--log-level', '--log-format', '--max-payload', '--print-asyncapi', '--print-openapi', '--check-config']) {
    assert.ok(help.stdout.includes(option), option);
  }
  assert.match(run(['--version']).stdout, /^antiphond \d+\.\d+\.\d+\n$/);
});

test('file, environment and command line, the later of these wins', async () => {
  const file = join(folder(), 'antiphon.conf');
  writeFileSync(file, '# a comment\nregistration = closed\nmax_payload = 2000\n');
  assert.equal(run(['--config', file, '--check-config']).status, 0);
  const status = async (keys, env) => {
    const server = await new Server({ keys: { config: file, ...keys }, env }).start();
    const r = await server.api('POST', '/api/v1/accounts', { body: { username: 'ann', password: 'correct horse' } });
    await server.stop();
    return r.status;
  };
  assert.equal(await status({}, {}), 403);
  assert.equal(await status({}, { ANTIPHON_REGISTRATION: 'open' }), 201);
  assert.equal(await status({ registration: 'closed' }, { ANTIPHON_REGISTRATION: 'open' }), 403);
});

const mistakes = [
  ['an unknown option', ['--nope', '1'], 64, /no option `--nope`/],
  ['an unknown option without a value', ['--nope'], 64, /no option `--nope`/],
  ['a word that is no option', ['nope'], 64, /`nope` is no option/],
  ['an option without its value', ['--data'], 64, /needs a value/],
  ['a number that is none', ['--max-payload', 'much'], 64, /whole number from 1024 to 104857600/],
  ['a number below its least', ['--max-payload', '1023'], 64, /whole number/],
  ['a word of no set', ['--registration', 'maybe'], 64, /open, invite or closed/],
  ['a file that is not there', ['--config', '/nonexistent/x'], 64, /cannot be read/],
];

for (const [what, args, code, sentence] of mistakes) {
  test(`${what} is told in one sentence`, () => {
    const r = run(args);
    assert.equal(r.status, code);
    assert.match(r.stderr, sentence);
    assert.equal(r.stderr.trim().split('\n').length, 1);
  });
}

test('a line of the file that is wrong is named by its number', () => {
  const file = join(folder(), 'antiphon.conf');
  writeFileSync(file, 'registration = open\nmax_payload = big\n');
  const r = run(['--config', file, '--check-config']);
  assert.equal(r.status, 64);
  assert.match(r.stderr, /line 2: The key `max_payload`/);
});

test('an address in use, one that is none, and a data folder that cannot be made', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const data = join(folder(), 'data');
  let r = run(['--listen', `127.0.0.1:${taken.address().port}`, '--data', data]);
  assert.equal(r.status, 75);
  assert.match(r.stderr, /Another program listens on/);
  taken.close();
  r = run(['--listen', 'nonsense', '--data', data]);
  assert.equal(r.status, 78);
  assert.match(r.stderr, /is not an address/);
  r = run(['--listen', '127.0.0.1:0', '--data', '/proc/nope']);
  assert.notEqual(r.status, 0);
  assert.ok(r.stderr.trim().length > 0);
});

test('SIGTERM drains: clients are told to reconnect, what was acknowledged is there, exit code 0', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const chat = await server.connect('/chat', token);
  const why = new Promise((r) => { chat.once('disconnect', r); });
  const sent = await must(chat, 'MESSAGE_SENT', { message: 'before the end' });
  server.process.kill('SIGTERM');
  const { code } = await server.exited;
  assert.equal(code, 0);
  assert.notEqual(await why, 'io server disconnect', 'a client told so would not come back');
  await server.start();
  const again = await server.connect('/chat', token);
  assert.equal((await must(again, 'GET_HISTORY', { groupId: sent.groupId })).messages[0].message, 'before the end');
});

test('SIGTERM spreads the disconnections over a time, and lets nobody new in', async (t) => {
  const server = await serve(t, { keys: { drain_time: 20 } }); // a tenth of it
  const { token } = await server.register('ann');
  const sockets = await Promise.all(Array.from({ length: 60 }, () => server.connect('/chat', token)));
  const ready = await server.api('GET', '/readyz');
  assert.equal(ready.status, 200);
  const times = sockets.map((s) => once(s, 'disconnect').then(() => performance.now()));
  server.process.kill('SIGTERM');
  await Promise.race(times);
  await assert.rejects(server.connect('/chat', token));
  const sorted = (await Promise.all(times)).sort((a, b) => a - b);
  assert.ok(sorted.at(-1) - sorted[0] > 500, `all within ${Math.round(sorted.at(-1) - sorted[0])} ms`);
  assert.deepEqual(await server.exited, { code: 0, signal: null });
});

test('each start prints a one-time link while there is no admin, and none afterwards', async (t) => {
  const server = await serve(t, { keys: { registration: 'closed' } });
  const unused = server.adminCode;
  assert.ok(unused?.length >= 40);
  await server.stop();
  await server.start();
  const code = server.adminCode;
  assert.notEqual(code, unused);
  const make = (username, invite) => server.api('POST', '/api/v1/accounts', { body: { username, password: 'correct horse', invite } });
  assert.equal((await make('early', unused)).status, 403, 'only the newest link is good');
  const admin = await server.register('root1', { invite: code });
  assert.equal(admin.user.role, 'admin');
  assert.equal((await make('root2', code)).status, 403);
  await server.stop();
  await server.start();
  assert.equal(server.adminCode, undefined);
});

// What a start can fail of after the database is there: none of these may cost the admin link.
const failures = {
  'a port that is taken': async (data) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const r = run(['--listen', `127.0.0.1:${taken.address().port}`, '--data', data]);
    taken.close();
    return r;
  },
  'a certificate that cannot be read': async (data) => run(['--listen', '', '--listen-tls', '127.0.0.1:0', '--tls-certificate', '/nonexistent/c.pem', '--tls-key', '/nonexistent/k.pem', '--data', data]),
  'no address at all': async (data) => run(['--listen', '', '--data', data]),
};

for (const [what, fail] of Object.entries(failures)) {
  test(`a first start that fails of ${what} leaves the admin link to the next one`, async (t) => {
    const server = new Server({ keys: { registration: 'closed' } });
    t.after(() => server.stop());
    const r = await fail(server.data);
    assert.notEqual(r.status, 0);
    assert.doesNotMatch(r.stdout, /admin|ready/);
    await server.start();
    assert.equal((await server.register('root1', { invite: server.adminCode })).user.role, 'admin');
  });
}

test('--admin-link prints a new link beside the running server, and says what is missing where none has run', async (t) => {
  const server = await serve(t, { keys: { registration: 'closed' } });
  await server.register('root1', { invite: server.adminCode });
  const r = run(['--admin-link', '--data', server.data, '--public-url', 'https://chat.example.org/']);
  assert.equal(r.status, 0, r.stderr);
  const code = /^The account made with this link becomes admin, once: https:\/\/chat\.example\.org\/#\/admin\/(\S{43})\n$/.exec(r.stdout)?.[1];
  assert.ok(code, r.stdout);
  assert.equal((await server.register('root2', { invite: code })).user.role, 'admin');
  const none = run(['--admin-link', '--data', join(folder(), 'nothing')]);
  assert.equal(none.status, 78);
  assert.match(none.stderr, /There is no database in .*; start the server first\./);
});

test('0.0.0.0 and [::] of one port, in either order, take both kinds of connections', async () => {
  for (const order of [['0.0.0.0', '[::]'], ['[::]', '0.0.0.0']]) {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address();
    free.close();
    await once(free, 'close');
    const server = new Server();
    server.listen = order.map((host) => `${host}:${port}`).join(', ');
    await server.start();
    for (const host of ['127.0.0.1', '[::1]']) assert.equal((await fetch(`http://${host}:${port}/healthz`)).status, 200);
    await server.stop();
  }
});

const unusable = {
  'listen without a port': 'listen = 0.0.0.0',
  'a port beyond the last': 'listen = localhost:99999',
  'a host that is not known': 'listen = example.invalid:80',
  'a path': 'listen = unix:/x',
  'an address that is not of this machine': 'listen = 192.0.2.1:3000',
  'no address': 'listen =',
  'a proxy that is not an address': 'trust_proxy = banana',
  'a proxy with too many bits': 'trust_proxy = 10.0.0.0/40',
  'TLS without a certificate': 'listen_tls = 127.0.0.1:0',
  'a certificate that is not there': 'listen_tls = 127.0.0.1:0\ntls_certificate = /nonexistent/c\ntls_key = /nonexistent/k',
  'a data folder that is a file': 'data = /etc/passwd',
  'a data folder that cannot be made': 'data = /proc/nope/data',
  'a trace that cannot be written': 'trace = /nonexistent/trace',
};

for (const [what, lines] of Object.entries(unusable)) {
  test(`--check-config and a start refuse ${what} alike`, () => {
    const file = join(folder(), 'antiphon.conf');
    const more = ['data', 'listen'].filter((key) => !new RegExp(`^${key} =`, 'm').test(lines)).map((key) => (key === 'data' ? `data = ${join(folder(), 'data')}` : 'listen = 127.0.0.1:0'));
    writeFileSync(file, `${[lines, ...more].join('\n')}\n`);
    const check = run(['--config', file, '--check-config']);
    const start = run(['--config', file]);
    assert.notEqual(start.status, 0);
    assert.notEqual(check.status, 0, check.stdout);
    assert.doesNotMatch(check.stdout, /good/);
    assert.equal(check.stderr.trim().split('\n').length, 1, check.stderr);
  });
}

test('--check-config beside the running server says that its address is taken, and is content', async (t) => {
  const server = await serve(t);
  const address = new URL(server.url).host;
  const r = run(['--listen', address, '--data', server.data, '--check-config']);
  assert.equal(r.status, 0, r.stderr);
  assert.match(r.stderr, new RegExp(`${address} is taken at the moment`));
});

test('no secret is in the log or the trace of HTTP', async (t) => {
  const server = await serve(t, { keys: { log_level: 'debug', log_format: 'json' } });
  const { token } = await server.register('ann', { password: 'a secret password' });
  await server.api('POST', '/api/v1/sessions', { body: { username: 'ann', password: 'another secret' } });
  await server.connect('/chat', token);
  await server.stop();
  for (const secret of [token, 'a secret password', 'another secret']) assert.ok(!server.errors.includes(secret));
  for (const line of server.errors.split('\n').filter(Boolean)) JSON.parse(line);
});

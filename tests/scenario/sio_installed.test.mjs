// SPDX-License-Identifier: MIT
//
// sio_installed - libsio as others have it: installed, found by pkg-config, linked shared and static; the guide's first
// program and the examples, each spoken to by socket.io-client.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, after, test } from 'node:test';
import { io } from 'socket.io-client';
import { build, folder, top } from './lib/antiphon.mjs';
import { sanitized } from './lib/carry.mjs';

const event = (socket, name) => new Promise((resolve) => socket.once(name, (...args) => resolve(args)));
const options = { skip: sanitized };
let where, lib, env;

before(() => {
  if (sanitized) return;
  where = folder('sio-installed-');
  const root = join(where, 'root');
  execFileSync('meson', ['install', '-C', build, '--no-rebuild', '--quiet', '--destdir', root], { stdio: 'pipe' });
  const pc = execFileSync('find', [root, '-name', 'sio.pc'], { encoding: 'utf8' }).trim();
  lib = join(pc, '..', '..');
  env = { ...process.env, PKG_CONFIG_PATH: join(pc, '..'), PKG_CONFIG_SYSROOT_DIR: root };
});

after(() => where && rmSync(where, { recursive: true }));

function compile(source, name, how = []) {
  const flags = execFileSync('pkg-config', [...how, '--cflags', '--libs', 'sio'], { env, encoding: 'utf8' }).trim().split(/\s+/);
  const program = join(where, name);
  execFileSync('cc', ['-std=gnu17', '-Wall', '-Wextra', '-Werror', source, '-o', program, ...flags], { stdio: 'pipe' });
  return program;
}

// A running program that says where it listens: its URL.
async function run(t, program, args = []) {
  const child = spawn(program, [...args, '127.0.0.1:0'], { env: { ...env, LD_LIBRARY_PATH: lib }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  t.after(async () => { child.kill('SIGKILL'); await exited; });
  const [line] = await once(child.stdout, 'data');
  return `http://${/listening on (\S+)/.exec(String(line))[1]}`;
}

async function connect(t, url, how = {}) {
  const socket = io(url, { forceNew: true, ...how });
  t.after(() => socket.disconnect());
  await event(socket, 'connect');
  return socket;
}

test('the first program of the guide, shared and static', options, async (t) => {
  const [, text] = /```c\n([\s\S]*?)```/.exec(readFileSync(join(top, 'docs/guide/sio.md'), 'utf8'));
  const source = join(where, 'first.c');
  writeFileSync(source, text);
  for (const how of [[], ['--static']]) {
    if (how.length) for (const f of readdirSync(lib).filter((n) => /^libsio\.so/.test(n))) rmSync(join(lib, f));
    const socket = await connect(t, await run(t, compile(source, `first${how.length}`, how)));
    assert.equal(await socket.emitWithAck('hello', 'world'), 'world');
  }
  execFileSync('meson', ['install', '-C', build, '--no-rebuild', '--quiet', '--destdir', join(where, 'root')], { stdio: 'pipe' });
});

test('the shared library shows what the headers declare, and nothing else', options, () => {
  const shown = execFileSync('nm', ['-D', '--defined-only', join(lib, 'libsio.so')], { encoding: 'utf8' }).trim().split('\n').map((l) => l.split(' ')[2]);
  const headers = ['sio.h', 'sio_engine.h'].map((h) => readFileSync(join(top, 'include/sio', h), 'utf8')).join('');
  for (const name of shown) assert.ok(headers.includes(`${name}(`), name);
  for (const [, name] of headers.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/^(?!typedef)[\w *]+?\b(sio_\w+)\(/gm)) assert.ok(shown.includes(name), name);
});

test('the header alone, in C and in C++', options, () => {
  for (const [cc, std, file] of [['cc', '-std=c11', 'only.c'], ['clang++', '-std=c++17', 'only.cc']]) {
    writeFileSync(join(where, file), '#include <sio/sio_engine.h>\nint main(void) { return sio_version()[0] == 0; }\n');
    const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'sio'], { env, encoding: 'utf8' }).trim().split(/\s+/);
    execFileSync(cc, [std, '-Wall', '-Wextra', '-Wpedantic', '-Werror', join(where, file), '-o', join(where, 'only'), ...flags], { stdio: 'pipe' });
  }
});

test('examples/chat.c, in under 80 lines', options, async (t) => {
  const source = join(top, 'examples/chat.c');
  assert.ok(readFileSync(source, 'utf8').split('\n').length - 1 < 80);
  const url = await run(t, compile(source, 'chat'));
  const [a, b] = await Promise.all([connect(t, url), connect(t, url)]);
  for (const [socket, room] of [[a, 'blue'], [b, 'red']]) { // each hears itself, so it is in
    const echo = event(socket, 'said');
    socket.emit('join', room);
    socket.emit('say', room, 'hi');
    assert.deepEqual(await echo, [socket.id, room, 'hi']);
  }
  const said = event(b, 'said');
  a.emit('say', 'red', 'not in');
  a.emit('join', 'red');
  a.emit('say', 'red', 'hello');
  assert.deepEqual(await said, [a.id, 'red', 'hello']);
});

test('examples/binary.c', options, async (t) => {
  const url = await run(t, compile(join(top, 'examples/binary.c'), 'binary'));
  const [a, b] = await Promise.all([connect(t, url), connect(t, url)]);
  const uploaded = event(b, 'uploaded');
  assert.equal(await a.emitWithAck('upload', 'name', Buffer.from('abc')), 3);
  assert.deepEqual(await uploaded, ['name', Buffer.from('abc')]);
  assert.deepEqual(await a.emitWithAck('zeros', 5), Buffer.alloc(5));
});

test('examples/authenticated.c', options, async (t) => {
  const url = await run(t, compile(join(top, 'examples/authenticated.c'), 'authenticated'), ['secret']);
  const stranger = io(`${url}/admin`, { forceNew: true, auth: { token: 'x' } });
  t.after(() => stranger.disconnect());
  const [error] = await event(stranger, 'connect_error');
  assert.deepEqual([error.message, error.data], ['unauthorized', { hint: 'wrong token' }]);
  const friend = io(`${url}/admin`, { forceNew: true, auth: { token: 'secret' } });
  t.after(() => friend.disconnect());
  await event(friend, 'welcome');
});

test('examples/get_started.c', options, async (t) => {
  const url = await run(t, compile(join(top, 'examples/get_started.c'), 'get_started'));
  const page = await fetch(url);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(await page.text(), /socket\.on\('chat message'/);
  const [a, b] = await Promise.all([connect(t, url), connect(t, url)]);
  const heard = event(b, 'chat message');
  a.emit('chat message', 'hello');
  assert.deepEqual(await heard, ['hello']);
});

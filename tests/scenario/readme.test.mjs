// SPDX-License-Identifier: MIT
//
// readme - what the README and the guides tell a newcomer to type does what they say it does.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { io } from 'socket.io-client';
import { build, folder, must, seen, serve, top } from './lib/antiphon.mjs';
import { sanitized } from './lib/carry.mjs';

const read = (...path) => readFileSync(join(top, ...path), 'utf8');

// The code blocks of a page in a language, with the server's real address.
function blocks(page, language, url = 'http://127.0.0.1:3000') {
  const found = [...read(page).matchAll(new RegExp('^```' + language + '\\n(.*?)^```', 'gms'))].map((m) => m[1]);
  assert.ok(found.length > 0, `${page} has a block of ${language}`);
  return found.map((text) => text.replaceAll('http://127.0.0.1:3000', url));
}

// A program that runs until the test ends; `says(pattern)` waits for its output.
function run(t, program, args, cwd) {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  child.stdout.on('data', (d) => { output += d; });
  child.stderr.on('data', (d) => { output += d; });
  t.after(() => { child.kill(); return exited; });
  return {
    async says(pattern) {
      const until = Date.now() + 20000;
      while (!pattern.test(output)) {
        if (Date.now() > until || child.exitCode !== null) throw new Error(`it does not say ${pattern}, but: ${output}`);
        await Promise.race([once(child.stdout, 'data'), exited, new Promise((r) => { setTimeout(r, 100); })]);
      }
      return pattern.exec(output);
    },
  };
}

// A folder as `npm install socket.io-client` leaves it, with a file in it.
function newcomer(file, text) {
  const cwd = folder('antiphon-newcomer-');
  symlinkSync(join(top, 'tests', 'node_modules'), join(cwd, 'node_modules'));
  writeFileSync(join(cwd, file), text);
  return cwd;
}

test('the first conversation: what one sends arrives at the other', async (t) => {
  const server = await serve(t);
  const [text] = blocks('README.md', 'js', server.url);
  assert.equal(text.trim().split('\n').length, 5, 'five lines, as the README says');
  const cwd = newcomer('hello.mjs', text);
  const first = run(t, process.execPath, ['hello.mjs'], cwd);
  await first.says(/ok: true/);
  const second = run(t, process.execPath, ['hello.mjs'], cwd);
  await second.says(/ok: true/);
  await first.says(/Hello from guest-\d+!/);
});

test('the two commands stand first, and exist', () => {
  assert.deepEqual([...read('README.md').matchAll(/^ {4}(\S+)$/gm)].slice(0, 2).map((m) => m[1]), ['script/server', 'script/test']);
  for (const script of ['server', 'test']) read('script', script);
});

test('every link of the hand-written pages leads somewhere', () => {
  for (const page of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/guide/operating.md', 'docs/guide/first-client.md']) {
    for (const [, to] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      assert.doesNotThrow(() => accessSync(join(top, page, '..', to)), `${page} links to ${to}`);
    }
  }
});

test('the server of the README is examples/echo.c, and echoes', async (t) => {
  const [text] = blocks('README.md', 'c');
  assert.ok(read('examples', 'echo.c').endsWith(text), 'the README shows the file');
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  run(t, join(build, 'examples', 'echo'), [`127.0.0.1:${port}`]);
  const socket = io(`http://127.0.0.1:${port}`, { reconnectionDelay: 50 });
  t.after(() => socket.disconnect());
  assert.deepEqual(await socket.timeout(10000).emitWithAck('anything', { a: 1 }), { a: 1 });
});

test('the client of the guide in JavaScript meets the one in Python', async (t) => {
  const server = await serve(t);
  const js = newcomer('client.mjs', blocks('docs/guide/first-client.md', 'js', server.url)[0]);
  const py = newcomer('client.py', blocks('docs/guide/first-client.md', 'python', server.url)[0]);
  const ann = run(t, process.execPath, ['client.mjs', 'ann', 'correct horse'], js);
  await ann.says(/ann is in lobby/);
  const bob = run(t, '/usr/bin/python3', [ // Debian's, which has Debian's modules
    '-u', 'client.py', 'bob', 'correct horse'], py);
  await bob.says(/bob is in lobby/);
  await ann.says(/Hello from bob/);
});

test('the backup of the guide, made while people write, is restored by the guide', async (t) => {
  const server = await serve(t);
  const { token } = await server.register('ann');
  const chat = await server.connect('/chat', token);
  const { data } = await seen(chat, 'DATA_RECEIVED');
  const groupId = data.groups[0].id;
  const bytes = Buffer.from('kept by the backup');
  const { url } = await must(chat, 'FILE_UPLOADED', { groupId, fileName: 'a.txt', data: bytes });
  await must(chat, 'MESSAGE_SENT', { message: 'before' });

  let run = true;
  let acknowledged = 0;
  const writing = (async () => {
    while (run) { await must(chat, 'MESSAGE_SENT', { message: `${++acknowledged}` }); }
  })();
  const backup = join(folder(), 'backup');
  const [save, restore] = blocks('docs/guide/operating.md', 'sh').map((text) => text
    .replaceAll('/var/lib/antiphon', server.data).replaceAll('/srv/backup/antiphon', backup));
  execFileSync('sh', ['-c', save], { stdio: 'pipe' });
  execFileSync('sh', ['-c', save], { stdio: 'pipe' }); // a second one into the same folder
  run = false;
  await writing;
  await must(chat, 'MESSAGE_SENT', { message: 'after the backup' });
  await server.stop();
  execFileSync('sh', ['-c', restore], { stdio: 'pipe' });
  await server.start();

  const again = await server.connect('/chat', token);
  const { messages } = await must(again, 'GET_HISTORY', { groupId, afterSeq: 0, limit: 200 });
  assert.equal(messages[0].message, 'before');
  assert.ok(messages.every((m) => m.message !== 'after the backup'));
  assert.deepEqual(Buffer.from(await (await server.api('GET', url, { token })).arrayBuffer()), bytes);
});

test('the backup of the guide fails where sqlite3 is missing, and the restore where the backup is', async (t) => {
  const server = await serve(t);
  const bin = folder('antiphon-bin-'); // the commands that the guide uses, without sqlite3
  for (const name of ['sh', 'mkdir', 'cp', 'rm', 'mv', 'test']) symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  const backup = join(folder(), 'backup');
  const [save, restore] = blocks('docs/guide/operating.md', 'sh').map((text) => text
    .replaceAll('/var/lib/antiphon', server.data).replaceAll('/srv/backup/antiphon', backup));
  const pasted = (text, env = {}) => spawnSync('/bin/sh', ['-c', text], { env: { ...process.env, ...env }, encoding: 'utf8' });
  const saved = pasted(save, { PATH: bin });
  assert.notEqual(saved.status, 0);
  assert.match(saved.stderr, /sqlite3: not found/);
  await server.stop();
  assert.notEqual(pasted(restore).status, 0, 'there is no database in that backup');
  await server.start();
});

// A machine of its own as far as it matters here: nothing installed below /usr/local, changes of /etc not kept, no helping variables.
function newMachine(script, env = {}) {
  const upper = folder('antiphon-etc-');
  const begin = `set -e; mount -t tmpfs none ${upper}; mkdir ${upper}/u ${upper}/w; mount -t overlay overlay -o lowerdir=/etc,upperdir=${upper}/u,workdir=${upper}/w /etc; mount -t tmpfs none /usr/local\n`;
  return execFileSync('unshare', [...(process.getuid() === 0 ? [] : ['-r']), '-m', 'sh', '-c', begin + script], { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

// The indented commands of a page that follow each other, with the build folder of this run.
function commands(page, first) {
  const text = read(page);
  const at = text.indexOf(`    ${first}`);
  assert.ok(at >= 0, `${page} says ${first}`);
  return /^(?: {4}.*\n)+/.exec(text.slice(at))[0].replace(/^ {4}/gm, '')
    .replace(/^meson setup build-release .*\n/m, '').replace('meson install -C build-release', `meson install --no-rebuild --quiet -C ${build}`);
}

for (const [page, file, run] of [
  ['README.md', null, './echo nonsense; test $? = 1'],
  ['docs/guide/sio.md', 'hello.c', 'cc hello.c -o hello $(pkg-config --cflags --libs sio); ./hello nonsense 2>&1 | grep invalid'],
  ['docs/guide/first-client.md', 'client.c', 'cc client.c -o client $(pkg-config --cflags --libs antiphon); ./client eve "correct horse"'],
]) {
  test(`${page}: what is installed as it says is found and runs, without a helping variable`, { skip: sanitized }, async (t) => {
    const cwd = folder('antiphon-newcomer-');
    symlinkSync(join(top, 'examples'), join(cwd, 'examples'));
    if (file) writeFileSync(join(cwd, file), blocks(page, 'c', 'http://127.0.0.1:1')[0]);
    const lines = commands(page, 'meson setup build-release').replace(/^\.\/.*\n/gm, '');
    const program = page === 'docs/guide/first-client.md' ? `${run}; test $? = 1` : run; // there is no server
    newMachine(`cd ${cwd}\n${lines}\nset +e\n${program}\n`);
  });
}

test('no page asks for a build folder that an earlier command of it made in another way', () => {
  const made = new Map();
  for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/guide/operating.md', 'docs/guide/sio.md', 'docs/guide/first-client.md', 'docs/guide/terminal.md']) {
    for (const [, name, options] of read(page).matchAll(/meson setup (\S+)((?: -\S+)*)/g)) {
      assert.equal(options, made.get(name) ?? options, `${page}: ${name}`);
      made.set(name, options);
    }
  }
  assert.match(read('script', 'server'), /build-server/);
  assert.ok(!made.has('build-server'));
});

// SPDX-License-Identifier: MIT
//
// client_installed - libantiphon as others have it: installed, found by pkg-config, linked shared and static; the guide's program in C, the example.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, folder, must, seen, serve, top } from './lib/antiphon.mjs';
import { sanitized } from './lib/carry.mjs';

// A program whose output is waited for.
function run(t, file, args, options = {}) {
  const child = spawn(file, args, options);
  let output = '', errors = '';
  child.stdout.on('data', (d) => { output += d; });
  child.stderr.on('data', (d) => { errors += d; });
  t.after(() => child.kill('SIGKILL'));
  child.says = async (pattern) => {
    for (const until = Date.now() + 20000; !pattern.test(output);) {
      assert.ok(Date.now() < until && child.exitCode === null, `no ${pattern} in ${output}${errors}`);
      await new Promise((r) => { setTimeout(r, 20); });
    }
  };
  return child;
}

test('the program of the guide compiles against the installed library, shared and static, and runs', { skip: sanitized }, async (t) => {
  const server = await serve(t);
  const where = folder('antiphon-installed-'), root = join(where, 'root');
  t.after(() => rmSync(where, { recursive: true }));
  execFileSync('meson', ['install', '-C', build, '--no-rebuild', '--quiet', '--destdir', root], { stdio: 'pipe' });
  const pc = execFileSync('find', [root, '-name', 'antiphon.pc'], { encoding: 'utf8' }).trim();
  const lib = join(pc, '..', '..');
  const [text] = /```c\n([\s\S]*?)```/.exec(readFileSync(join(top, 'docs/guide/first-client.md'), 'utf8')).slice(1);
  writeFileSync(join(where, 'client.c'), text.replaceAll('http://127.0.0.1:3000', server.url));
  const { chat } = await (async () => {
    const { token } = await server.register('dave');
    const socket = await server.connect('/chat', token);
    return { chat: socket, first: await seen(socket, 'DATA_RECEIVED') };
  })();
  const env = { ...process.env, PKG_CONFIG_PATH: join(pc, '..'), PKG_CONFIG_SYSROOT_DIR: root };
  for (const [i, how] of [[], ['--static']].entries()) {
    if (i) for (const f of readdirSync(lib).filter((n) => /^libantiphon\.so/.test(n))) rmSync(join(lib, f));
    const flags = execFileSync('pkg-config', [...how, '--cflags', '--libs', 'antiphon'], { env, encoding: 'utf8' }).trim().split(/\s+/);
    const program = join(where, `client${i}`);
    for (const language of i ? [] : [['cc', '-std=c17'], ['clang++', '-std=c++17']]) {
      const header = join(where, language[0] === 'cc' ? 'only.c' : 'only.cc');
      writeFileSync(header, '#include <antiphon/antiphon.h>\nint main(void) { return antiphon_result_text(ANTIPHON_OK) == nullptr; }\n'
        .replace('nullptr', language[0] === 'cc' ? '(void *)0' : 'nullptr'));
      execFileSync(language[0], [language[1], '-Wall', '-Wextra', '-Werror', header, '-o', join(where, 'only'), ...flags], { stdio: 'pipe' });
    }
    execFileSync('cc', ['-Wall', '-Wextra', '-Werror', join(where, 'client.c'), '-o', program, ...flags], { stdio: 'pipe' });
    const client = run(t, program, [`eve${i}`, 'correct horse'], { env: { ...env, LD_LIBRARY_PATH: i ? '' : lib } });
    await client.says(new RegExp(`eve${i} is in lobby`));
    await seen(chat, 'MESSAGE_RECEIVED', (m) => m.message === 'Hello from C' && m.seq === 2 * i + 1);
    await must(chat, 'MESSAGE_SENT', { message: `hello eve${i}` });
    await client.says(new RegExp(`${2 * i + 2}: hello eve${i}`));
    client.kill('SIGKILL');
  }
});

test('examples/now_playing.c, in under 60 lines, tells what one listens to and hears what others do', async (t) => {
  const code = readFileSync(join(top, 'examples/now_playing.c'), 'utf8');
  assert.ok(code.split('\n').length - 1 < 60, 'it is short');
  const server = await serve(t);
  const [ann, bob] = await Promise.all(['ann', 'bob'].map((n) => server.register(n)));
  const [a, b] = [ann, bob].map((u) => run(t, join(build, 'examples', 'now_playing'), [server.url, u.token]));
  const chat = await server.connect('/chat', (await server.register('cleo')).token);

  a.stdin.write('Nina Simone - Feeling Good\n');
  await b.says(/^ann: Nina Simone - Feeling Good$/m);
  b.stdin.write('Bach - BWV 1007\n');
  await a.says(/^bob: Bach - BWV 1007$/m);
  const ended = new Promise((r) => { a.on('exit', r); });
  a.stdin.end();
  assert.equal(await ended, 0);
});

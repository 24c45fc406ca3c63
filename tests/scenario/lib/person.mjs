// SPDX-License-Identifier: MIT
//
// person - someone who uses the command line, with a folder of their own.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { build, folder } from './antiphon.mjs';

export const antiphon = join(build, 'src', 'cli', 'antiphon');

// run(words) gives { code, out, err }; ok(…words) what it prints, which must work; json(…words) the same with --json.
export function person(server, input = {}) {
  const config = folder();
  const env = { ...process.env, XDG_CONFIG_HOME: config, ANTIPHON_SERVER: server?.url ?? 'http://127.0.0.1:9', NO_COLOR: '', TZ: 'UTC', ...input.env };
  const run = (words, stdin = '') => new Promise((resolve) => {
    const p = execFile(antiphon, words, { env, timeout: 60000 }, (e, out, err) => resolve({ code: e ? e.code ?? e.signal : 0, out, err }));
    p.stdin.on('error', () => {});
    p.stdin.end(stdin);
  });
  const ok = async (...words) => {
    const r = await run(words);
    assert.equal(r.code, 0, `${words.join(' ')}: ${r.err}`);
    assert.equal(r.err, '');
    return r.out;
  };
  const json = async (...words) => JSON.parse(await ok(...words, '--json'));
  return { run, ok, json, env, config: join(config, 'antiphon') };
}

export async function signedIn(server, name) {
  const p = person(server);
  const r = await p.run(['register', name, '--password-stdin'], 'correct horse\n');
  assert.equal(r.code, 0, r.err);
  return p;
}

// The environment of a terminal in which they work.
export function environment(p, more = {}) {
  const { XDG_CONFIG_HOME, ANTIPHON_SERVER, TZ } = p.env;
  return { XDG_CONFIG_HOME, ANTIPHON_SERVER, TZ, ...more };
}

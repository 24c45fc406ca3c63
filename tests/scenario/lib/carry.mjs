// SPDX-License-Identifier: MIT
//
// carry - runs tests/client/carry.c, a transfer by libantiphon.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './antiphon.mjs';

export const sanitized = JSON.parse(readFileSync(join(build, 'meson-info', 'intro-buildoptions.json'))).find((o) => o.name === 'b_sanitize').value !== 'none';

// Starts it; gives what is to be awaited, with the most anonymous memory that was seen.
export function begin(how, url, token, path, more = {}) {
  const child = spawn(join(build, 'tests', 'client', 'carry'), [how, url, token, path, ...Object.entries(more).map(([k, v]) => `${k}=${v}`)]);
  let output = '', errors = '', peak = 0;
  const look = setInterval(() => {
    const status = (() => { try { return readFileSync(`/proc/${child.pid}/status`, 'utf8'); } catch { return ''; } })();
    peak = Math.max(peak, 1024 * Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0));
  }, 10);
  child.stdout.on('data', (d) => { output += d; });
  child.stderr.on('data', (d) => { errors += d; });
  const limit = setTimeout(() => child.kill('SIGKILL'), 120000);
  const done = once(child, 'close').then(([code, signal]) => {
    clearInterval(look);
    clearTimeout(limit);
    assert.equal(code ?? signal, 0, errors);
    return { ...JSON.parse(output.split('\n')[1]), peak };
  });
  return { child, done };
}

export const carry = (...args) => begin(...args).done;

// SPDX-License-Identifier: MIT
//
// probe - runs build/tests/client/probe, a client on libantiphon's transport, and waits for what it tells.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from './antiphon.mjs';

export class Probe {
  constructor(options, env = {}) {
    this.lines = [];
    this.waiting = [];
    this.errors = '';
    this.process = spawn(join(build, 'tests', 'client', 'probe'), [JSON.stringify({ backoff: 100, ...options })],
      { env: { ...process.env, http_proxy: '', https_proxy: '', all_proxy: '', ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.process.stderr.on('data', (d) => { this.errors += d; });
    this.process.stdin.on('error', () => {});
    this.exited = once(this.process, 'exit').then(([code, signal]) => ({ code, signal }));
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const said = JSON.parse(line);
      if (said.is === 'done') return this.#done.shift()?.(said.error); // the last one, at the end of its input, nobody waits for
      this.lines.push(said);
      for (const w of [...this.waiting]) w();
    });
  }

  #done = [];

  // Does a command; gives the error's code, '' for none.
  ask(command) {
    return new Promise((resolve) => {
      this.#done.push(resolve);
      this.process.stdin.write(JSON.stringify(command) + '\n');
    });
  }

  async do(command) {
    assert.equal(await this.ask(command), '', JSON.stringify(command).slice(0, 200));
  }

  async open(...namespaces) {
    for (const ns of namespaces) await this.do({ do: 'join', ns });
    await this.do({ do: 'open' });
  }

  // Takes the first line, said already or to come, that has these members.
  take(wanted, ms = 8000) {
    return new Promise((resolve, reject) => {
      const fits = (l) => Object.entries(wanted).every(([k, v]) => l[k] === v);
      const look = () => {
        const at = this.lines.findIndex(fits);
        if (at < 0) return;
        clearTimeout(timer);
        this.waiting = this.waiting.filter((w) => w !== look);
        resolve(this.lines.splice(at, 1)[0]);
      };
      const timer = setTimeout(() => {
        this.waiting = this.waiting.filter((w) => w !== look);
        reject(new Error(`no ${JSON.stringify(wanted)} came, but ${JSON.stringify(this.lines).slice(0, 2000)} ${this.errors}`));
      }, ms);
      this.waiting.push(look);
      look();
    });
  }

  // Emits and gives the acknowledgement.
  async emit(name, args, { ns = '/', binary = [], timeout = 0 } = {}) {
    const ack = ++this.acks;
    await this.do({
      do: 'emit', ns, name, ack, timeout, args: args.map((a) => JSON.stringify(a)).join(','),
      binary: binary.map((b) => b.toString('base64')),
    });
    return this.take({ is: 'ack', ack });
  }

  acks = 0;

  // Ends it; a leak or a sanitizer's report is a failure.
  async end() {
    this.process.stdin.end();
    const { code, signal } = await this.exited;
    assert.equal(code ?? signal, 0, this.errors);
    assert.equal(this.errors, '');
  }
}

export const placeholder = (num) => ({ _placeholder: true, num });

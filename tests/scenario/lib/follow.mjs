// SPDX-License-Identifier: MIT
//
// follow - runs tests/client/follow.c, a libantiphon client, and keeps what it prints.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from './antiphon.mjs';

export class Follow {
  constructor(t, server, token, { driver = 'loop', data = [], env = {} } = {}) {
    this.process = spawn(join(build, 'tests', 'client', 'follow'), [driver, server.url, token, ...data], {
      env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.lines = [];
    this.waiting = new Set();
    this.errors = '';
    this.exited = once(this.process, 'exit').then(([code, signal]) => ({ code, signal }));
    this.process.stderr.on('data', (d) => { this.errors += d; });
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line));
      for (const look of this.waiting) look();
    });
    t.after(() => this.process.kill('SIGKILL'));
  }

  // The first line from number `from` on that fits; waits for it.
  async take(fits, from = 0) {
    for (const end = Date.now() + 15000; ;) {
      const line = this.lines.slice(from).find(fits);
      if (line) return line;
      if (Date.now() > end) throw new Error(`nothing fits in ${JSON.stringify(this.lines.slice(from))}: ${this.errors}`);
      await new Promise((resolve) => {
        const look = () => { this.waiting.delete(look); clearTimeout(timer); resolve(); };
        const timer = setTimeout(look, 500);
        this.waiting.add(look);
      });
    }
  }

  event(name, fits = () => true, from = 0) {
    return this.take((l) => l.event === name && fits(l.payload), from).then((l) => l.payload);
  }

  // The names of the events from line number `from` on, but for those that depend on timing.
  events(from = 0) {
    return this.lines.slice(from).map((l) => l.event).filter((e) => e && e !== 'CONNECTION_ERROR' && e !== 'DATA_RECEIVED');
  }

  // Makes a request; gives its answer.
  async ask(namespace, event, payload = {}) {
    const from = this.lines.length;
    this.say(namespace, event, payload);
    return (await this.take((l) => l.answer, from)).answer;
  }

  say(namespace, event, payload) {
    this.process.stdin.write(`${namespace} ${event} ${JSON.stringify(payload)}\n`);
  }

  async dump() {
    const from = this.lines.length;
    this.process.stdin.write('dump\n');
    return (await this.take((l) => l.dump, from)).dump;
  }

  async state() {
    const from = this.lines.length;
    this.process.stdin.write('state\n');
    return (await this.take((l) => l.state, from)).state;
  }

  // Ends it; it must end well.
  async end() {
    this.process.stdin.end();
    const { code, signal } = await this.exited;
    if (code !== 0) throw new Error(`follow ended with ${code ?? signal}: ${this.errors.slice(-4000)}`);
  }
}

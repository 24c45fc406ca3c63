// SPDX-License-Identifier: MIT
//
// antiphon - starts real servers and connects real clients, for the scenario tests.
// ANTIPHON_BUILD names the build folder; ANTIPHON_TRACES, when set, a folder that takes every server's trace.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';

export const top = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const build = process.env.ANTIPHON_BUILD ?? join(top, 'build');
export const binary = join(build, 'src', 'app', 'antiphond');

// Limits that a fast test would run into.
const roomy = {
  socket_rate: 0, user_rate: 0, connections_per_address: 0, registrations: 0, failed_logins: 0,
  failed_logins_address: 0, presence_grace: 300, packet_rate: 0,
};

export function folder(name = 'antiphon-') {
  return mkdtempSync(join(tmpdir(), name));
}

let servers = 0;

export class Server {
  // keys: configuration; env: more environment; wrap: a command in front, as ['strace', …]; program: another antiphond.
  constructor({ keys = {}, env = {}, data = join(folder(), 'data'), wrap = [], program = binary } = {}) {
    this.program = program;
    this.keys = { ...roomy, ...keys };
    this.env = env;
    this.data = data;
    this.wrap = wrap;
    this.sockets = new Set();
  }

  arguments() {
    const list = ['--listen', this.listen ?? '127.0.0.1:0', '--data', this.data];
    for (const [key, value] of Object.entries(this.keys)) list.push('--' + key.replaceAll('_', '-'), String(value));
    if (process.env.ANTIPHON_TRACES) {
      mkdirSync(process.env.ANTIPHON_TRACES, { recursive: true });
      list.push('--trace', join(process.env.ANTIPHON_TRACES, `${process.pid}-${++servers}.jsonl`));
    }
    return list;
  }

  async start() {
    const [program, ...rest] = [...this.wrap, this.program, ...this.arguments()];
    this.output = this.errors = '';
    this.process = spawn(program, rest, { env: { ...process.env, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = once(this.process, 'exit').then(([code, signal]) => ({ code, signal }));
    this.process.stderr.on('data', (d) => { this.errors += d; });
    await new Promise((resolve, reject) => {
      this.process.stdout.on('data', (d) => {
        this.output += d;
        const m = /ready at (http:\S+)/.exec(this.output);
        if (m) { this.url = m[1]; resolve(); }
      });
      this.exited.then((e) => reject(new Error(`antiphond ended with ${e.code ?? e.signal}: ${this.errors}${this.output}`)));
    });
    return this;
  }

  // The code of the one-time link that the first start prints.
  get adminCode() {
    return /#\/admin\/(\S+)/.exec(this.output)?.[1];
  }

  // Changes the database from beside: for what an older server wrote and this one would refuse.
  sql(text) {
    execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(this.data, 'antiphon.db'), text]);
  }

  async stop() {
    for (const s of this.sockets) s.disconnect();
    this.sockets.clear();
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    return this.exited;
  }

  async kill() {
    this.process.kill('SIGKILL');
    return this.exited;
  }

  async api(method, path, { token, body, headers = {} } = {}) {
    const all = { ...headers };
    if (token) all.authorization = `Bearer ${token}`;
    if (body !== undefined && !(body instanceof Uint8Array)) {
      all['content-type'] = 'application/json';
      body = JSON.stringify(body);
    }
    return fetch(this.url + path, { method, headers: all, body, redirect: 'manual' });
  }

  async register(username, more = {}) {
    const r = await this.api('POST', '/api/v1/accounts', { body: { username, password: 'correct horse', ...more } });
    if (r.status !== 201) throw new Error(`register ${username}: ${r.status} ${await r.text()}`);
    return r.json();
  }

  // A socket of a namespace, connected; its events are kept in `seen` from the first on.
  async connect(namespace, token, options = {}) {
    const socket = this.socket(namespace, token, options);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  }

  socket(namespace, token, options = {}) {
    const socket = io(this.url + namespace, {
      auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true, ...options,
    });
    socket.seen = [];
    socket.onAny((event, ...args) => socket.seen.push({ event, data: args[0], args }));
    this.sockets.add(socket);
    return socket;
  }
}

// A server for the length of a test. It must end well: a sanitizer's report is an exit code of its own.
export async function serve(t, options) {
  const server = await new Server(options).start();
  t.after(async () => {
    const { code, signal } = await server.stop();
    if (code !== 0 && signal !== 'SIGKILL') throw new Error(`antiphond ended with ${code ?? signal}: ${server.errors.slice(-4000)}`);
  });
  return server;
}

// The acknowledgement of a request, as it came.
export function ask(socket, event, payload) {
  return payload === undefined ? socket.timeout(20000).emitWithAck(event) : socket.timeout(20000).emitWithAck(event, payload);
}

// The same, which must be ok.
export async function must(socket, event, payload) {
  const answer = await ask(socket, event, payload);
  if (!answer.ok) throw new Error(`${event}: ${JSON.stringify(answer)}`);
  return answer;
}

// The same, which must be refused; gives the code.
export async function refused(socket, event, payload) {
  const answer = await ask(socket, event, payload);
  if (answer.ok !== false) throw new Error(`${event} was taken: ${JSON.stringify(answer)}`);
  if (typeof answer.error.errorMessage !== 'string' || !/^[A-Z`].*[.]$/s.test(answer.error.errorMessage)) {
    throw new Error(`${event}: no sentence: ${JSON.stringify(answer.error)}`);
  }
  return answer.error.errorCode;
}

// The first event of this name that fits, among those that came or will come.
export async function seen(socket, event, fits = () => true, within = 10000) {
  const until = Date.now() + within;
  for (;;) {
    const found = socket.seen.find((s) => s.event === event && fits(s.data));
    if (found) return found.data;
    if (Date.now() > until) {
      throw new Error(`no ${event} came; there were ${socket.seen.map((s) => s.event).join(' ')}`);
    }
    await Promise.race([once(socket, event), new Promise((r) => { setTimeout(r, 100); })]);
  }
}

export function count(socket, event, fits = () => true) {
  return socket.seen.filter((s) => s.event === event && fits(s.data)).length;
}

// Everything that was on its way to the socket has come: a request went there and back behind it.
export async function settle(...sockets) {
  for (const s of sockets) {
    if (s.nsp === '/chat') await ask(s, 'LIST_NOTIFICATIONS', {});
    else await ask(s, 'LIST_CHANGES', { afterRev: 0, limit: 1 });
  }
}

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

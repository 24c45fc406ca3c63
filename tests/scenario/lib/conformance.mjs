// SPDX-License-Identifier: MIT
//
// conformance - starts tests/conformance, the small program on sio.h, in one of its profiles.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import WebSocket from 'ws';
import { build } from './antiphon.mjs';

// A running server of that profile with so many threads, ended with the test t: { url, host, port }.
export async function conform(t, profile, threads = 1) {
  const program = spawn(join(build, 'tests', 'conformance', 'conformance'), [profile, '127.0.0.1:0', String(threads)],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(program, 'exit');
  t.after(async () => { program.kill('SIGTERM'); await exited; });
  const [line] = await once(program.stdout, 'data');
  const port = Number(/:(\d+)\s*$/.exec(String(line))[1]);
  return { port, host: '127.0.0.1', url: `http://127.0.0.1:${port}` };
}

// One HTTP request on a connection of its own: { status, headers, body (a string), bytes }.
export function ask(server, path, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const r = request({ host: server.host, port: server.port, path, method, headers, agent: false }, (answer) => {
      const pieces = [];
      answer.on('data', (d) => pieces.push(d)).on('error', reject).on('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({ status: answer.statusCode, headers: answer.headers, body: bytes.toString(), bytes });
      });
    });
    r.on('upgrade', (answer, socket) => { socket.destroy(); resolve({ status: 101, headers: answer.headers, body: '' }); });
    r.on('error', reject);
    r.end(body);
  });
}

// A WebSocket that keeps what comes: next() gives the messages in order, null once it has closed.
export class Wire {
  constructor(url, options) {
    this.queue = [];
    this.waiting = [];
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data, binary) => this.#give(binary ? data : data.toString()));
    this.socket.on('close', (code) => { this.code = code; this.#give(null); });
    this.socket.on('error', (e) => { this.error = e; });
  }

  #give(item) {
    if (this.waiting.length) this.waiting.shift()(item);
    else this.queue.push(item);
  }

  next() {
    if (this.queue.length) return Promise.resolve(this.queue.shift());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  send(data) { this.socket.send(data); }
  close() { this.socket.close(); }
}

export async function openWire(server, path, options) {
  const wire = new Wire(`ws://${server.host}:${server.port}${path}`, options);
  await once(wire.socket, 'open');
  return wire;
}

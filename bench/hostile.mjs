// SPDX-License-Identifier: MIT
//
// hostile - a peer that nobody wants, from 127.0.0.2: node hostile.mjs KIND PORT
// Kinds: idle (connected like the others, and quiet), silent (asks and reads nothing), slow (a byte a second on many connections),
// descriptors (as many connections as it gets), pings, bombs (1 kB that becomes 1 MB and more), deep (JSON, 100,000 levels). What is closed
// is opened again. It says `ready` when it has begun.
import { connect } from 'node:net';
import { deflateRawSync } from 'node:zlib';

const [kind, port] = [process.argv[2], Number(process.argv[3])];
const upgrade = 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n'
  + 'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  + 'Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n';

// A masked frame; the mask is zero.
function frame(first, payload) {
  const n = payload.length, head = Buffer.alloc(n < 126 ? 6 : n < 65536 ? 8 : 14);
  head[0] = first;
  head[1] = 0x80 | (n < 126 ? n : n < 65536 ? 126 : 127);
  if (n >= 65536) head.writeBigUInt64BE(BigInt(n), 2);
  else if (n >= 126) head.writeUInt16BE(n, 2);
  return Buffer.concat([head, payload]);
}

const text = (s) => frame(0x81, Buffer.from(s));
const bomb = frame(0xc1, deflateRawSync(Buffer.alloc(1000000, '4'), { finishFlush: 2 }).subarray(0, -4));
const deep = text(`42["echo",${'['.repeat(100000)}`);
const pings = Buffer.concat(Array(1000).fill(frame(0x89, Buffer.from('x'))));
const question = text(`421["echo","${'x'.repeat(50000)}"]`);

// One connection, opened again when it ends; `work` gets it when it is in its namespace.
function open(work, { reading = true, raw = false } = {}) {
  const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(() => open(work, { reading, raw }), 10));
  socket.on('connect', () => {
    if (raw) { work(socket); return; }
    socket.write(upgrade);
    socket.write(text('40'));
    socket.once('data', () => { if (!reading) socket.pause(); work(socket); });
    socket.resume();
  });
}

// Writes the bytes again and again, as fast as they are taken.
function flood(socket, bytes) {
  const more = () => { while (!socket.destroyed && socket.write(bytes)); };
  socket.on('drain', more);
  more();
}

const kinds = {
  idle: () => open(() => {}),
  silent: () => { for (let i = 0; i < 4; i++) open((s) => flood(s, question), { reading: false }); },
  slow: () => {
    for (let i = 0; i < 500; i++) {
      open((s) => { let at = 0; const timer = setInterval(() => (s.destroyed ? clearInterval(timer) : s.write(upgrade[at++ % upgrade.length])), 1000); }, { raw: true });
    }
  },
  descriptors: () => { for (let i = 0; i < 2200; i++) open(() => {}, { raw: true }); },
  pings: () => open((s) => flood(s, pings)),
  bombs: () => open((s) => flood(s, bomb)),
  deep: () => open((s) => flood(s, deep)),
};
kinds[kind]();
setTimeout(() => console.log('ready'), 1000);

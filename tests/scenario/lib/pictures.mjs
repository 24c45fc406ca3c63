// SPDX-License-Identifier: MIT
//
// pictures - real ones, of one colour and any size, in as few bytes as their kind allows.
import { deflateSync } from 'node:zlib';

const big = (n, bytes) => { const b = Buffer.alloc(bytes); b.writeUIntBE(n, 0, bytes); return b; };
const little = (n, bytes) => { const b = Buffer.alloc(bytes); b.writeUIntLE(n, 0, bytes); return b; };

function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let i = 0; i < 8; i++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
  }
  return (c ^ 0xffffffff) >>> 0;
}

// Black and white, a bit a pixel.
export function png(width, height) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    return Buffer.concat([big(data.length, 4), body, big(crc(body), 4)]);
  };
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', Buffer.concat([big(width, 4), big(height, 4), Buffer.from([1, 0, 0, 0, 0])])),
    chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0)),
  ]);
}

// One pixel in the corner of a screen, or, when `outside`, one that makes a screen of one pixel that large.
export function gif(width, height, outside = false) {
  const [screen, at] = outside ? [[1, 1], [width - 1, height - 1]] : [[width, height], [0, 0]];
  const words = (...list) => Buffer.concat(list.map((n) => little(n, 2)));
  return Buffer.concat([
    Buffer.from('GIF89a'), words(...screen), Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
    Buffer.from([0x2c]), words(...at, 1, 1), Buffer.from([0, 2, 2, 0x4c, 1, 0, 0x3b]),
  ]);
}

// Lossless: five codes of one symbol each, so no pixel takes a bit.
export function webp(width, height) {
  const size = (0x10000000 | (height - 1) << 14 | (width - 1)) >>> 0;
  const chunk = Buffer.concat([Buffer.from('VP8L'), little(8, 4), Buffer.from([0x2f]), little(size, 4), Buffer.from([0x88, 0x88, 0x08])]);
  return Buffer.concat([Buffer.from('RIFF'), little(4 + chunk.length, 4), Buffer.from('WEBP'), chunk]);
}

// Grey, two bits a block; in front of the frame so many segments that a reader passes over.
export function jpeg(width, height, segments = 0) {
  const segment = (marker, data) => Buffer.concat([Buffer.from([0xff, marker]), big(data.length + 2, 2), data]);
  const code = (place) => Buffer.concat([Buffer.from([place, 1]), Buffer.alloc(16)]); // one word of one bit: nothing
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]), ...Array(segments).fill(segment(0xe2, Buffer.alloc(65533))),
    segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 16)])),
    segment(0xc0, Buffer.concat([Buffer.from([8]), big(height, 2), big(width, 2), Buffer.from([1, 1, 0x11, 0])])),
    segment(0xc4, code(0)), segment(0xc4, code(0x10)), segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.alloc(Math.ceil(blocks / 4)), Buffer.from([0xff, 0xd9]),
  ]);
}

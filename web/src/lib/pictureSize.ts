// SPDX-License-Identifier: MIT
//
// pictureSize - how many pixels a picture has, from its first bytes: PNG, GIF, WebP, JPEG. A small file may ask for
// gigabytes when it is shown.
import { PICTURE_PIXELS_MAX } from './protocol';

const be16 = (v: DataView, at: number) => v.getUint16(at);
const le16 = (v: DataView, at: number) => v.getUint16(at, true);
const le24 = (v: DataView, at: number) => le16(v, at) | (v.getUint8(at + 2) << 16);

function textAt(v: DataView, at: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(v.buffer, v.byteOffset + at, length));
}

function webp(v: DataView): number | null {
  switch (textAt(v, 12, 4)) {
    case 'VP8 ':
      return (le16(v, 26) & 0x3fff) * (le16(v, 28) & 0x3fff);
    case 'VP8L': {
      const bits = v.getUint32(21, true);
      return ((bits & 0x3fff) + 1) * (((bits >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return (le24(v, 24) + 1) * (le24(v, 27) + 1);
    default:
      return null;
  }
}

/** The screen, or what of a larger first image reaches beyond it: browsers make room for that. */
function gif(v: DataView): number {
  const table = (flags: number) => (flags & 0x80 ? 6 << (flags & 7) : 0);
  let at = 13 + table(v.getUint8(10));
  for (; v.getUint8(at) === 0x21; at++) {
    at += 2;
    while (v.getUint8(at) > 0) at += 1 + v.getUint8(at);
  }
  const width = Math.max(le16(v, 6), le16(v, at + 1) + le16(v, at + 5));
  return width * Math.max(le16(v, 8), le16(v, at + 3) + le16(v, at + 7));
}

/** Goes from segment to segment to the one that begins a frame. */
function jpeg(v: DataView): number | null {
  for (let at = 2; v.getUint8(at) === 0xff; at += 2 + be16(v, at + 2)) {
    const marker = v.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return be16(v, at + 5) * be16(v, at + 7);
  }
  return null;
}

/** Null when the bytes are none of these, or too few. */
export function pixelsOf(head: ArrayBuffer): number | null {
  const v = new DataView(head);
  try {
    if (textAt(v, 1, 3) === 'PNG') return v.getUint32(16) * v.getUint32(20);
    if (textAt(v, 0, 3) === 'GIF') return gif(v);
    if (textAt(v, 0, 4) === 'RIFF') return webp(v);
    return be16(v, 0) === 0xffd8 ? jpeg(v) : null;
  } catch {
    return null; // it ends within its head
  }
}

/** Whether a picture may be shown: it says how many pixels it has, and they are few enough. */
export function hasFewPixels(head: ArrayBuffer): boolean {
  const pixels = pixelsOf(head);
  return pixels !== null && pixels <= PICTURE_PIXELS_MAX;
}

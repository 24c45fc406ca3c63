// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { pixelsOf } from './pictureSize';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16)).buffer;

test.each([
  ['PNG', '89504e470d0a1a0a0000000d49484452 00004e20 00007530 0802000000', 20000 * 30000],
  ['GIF', '474946383961 4001 f000 000000 21fe 02 6f6b 00 2c 0000 0000 0100 0100 00', 320 * 240],
  [
    'GIF with an image larger than its screen',
    '474946383961 0100 0100 800000 000000ffffff 2c 0000 0a00 4001 e600 00',
    320 * 240,
  ],
  ['WebP, lossy', '52494646 00000000 57454250 56503820 00000000 000000 9d012a 8002 e001', 640 * 480],
  ['WebP, lossless', '52494646 00000000 57454250 5650384c 00000000 2f 7fc27700', 640 * 480],
  ['WebP, extended', '52494646 00000000 57454250 56503858 0a000000 00000000 7f0200 df0100', 640 * 480],
  ['JPEG', 'ffd8 ffe0 0004 0000 ffc2 0011 08 01e0 0280 03', 640 * 480],
])('%s says how many pixels it has', (_, hex, pixels) => {
  expect(pixelsOf(bytes(hex.replaceAll(' ', '')))).toBe(pixels);
});

test.each([
  ['nothing', ''],
  ['a head that ends early', '89504e470d0a1a0a00'],
  ['a JPEG without a frame', 'ffd8 ffe0 0004 0000 ffd9 0002'],
  ['text', '68656c6c6f20776f726c64'],
])('%s says nothing', (_, hex) => {
  expect(pixelsOf(bytes(hex.replaceAll(' ', '')))).toBeNull();
});

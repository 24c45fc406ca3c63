// SPDX-License-Identifier: MIT
//
// music - real pieces of music, from Debian packages that script/setup installs, and their BLAKE2b-256.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

function find(pkg, ending) {
  const list = execFileSync('dpkg', ['-L', pkg], { encoding: 'utf8' }).split('\n');
  const path = list.find((l) => l.endsWith(ending));
  if (!path) throw new Error(`${pkg} has no ${ending}; run script/setup`);
  return readFileSync(path);
}

export const mp3 = () => find('asc-music', '.mp3');
export const ogg = () => find('torus-trooper-data', '.ogg');

// BLAKE2b-256 by coreutils, which is not ours and not libsodium's.
export function blake2b(bytes) {
  return execFileSync('b2sum', ['-l', '256'], { input: bytes, encoding: 'utf8' }).split(' ')[0];
}

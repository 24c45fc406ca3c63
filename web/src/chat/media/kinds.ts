// SPDX-License-Identifier: MIT
//
// kinds - how a file is shown: as a picture, as audio that plays in place, or as a link to it.
import type { File } from '../../lib/protocol';

const PICTURE = 8_000_000; // bytes; larger ones are not loaded before one asks for them

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
const AUDIO = /^audio\/|^video\/(ogg|webm)$/;

export type Shown = 'picture' | 'large picture' | 'audio' | 'file';

/** By the type that the server has found in the bytes; what the name says does not count. */
export function shownAs({ mime, fileSize }: Pick<File, 'mime' | 'fileSize'>): Shown {
  if (PICTURES.has(mime)) return fileSize <= PICTURE ? 'picture' : 'large picture';
  return AUDIO.test(mime) ? 'audio' : 'file';
}

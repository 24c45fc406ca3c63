// SPDX-License-Identifier: MIT
//
// kinds - how a file is shown: as a picture, as audio that plays in place, or as a link to it.
import { hasFewPixels } from '../../lib/pictureSize';
import type { File } from '../../lib/protocol';

const PICTURE = 8_000_000; // bytes; larger ones are not loaded before one asks for them

const HEAD = 262_144; // bytes, of which the first say how many pixels there are

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const AUDIO = /^audio\/|^video\/(ogg|webm)$/;

export type Shown = 'picture' | 'large picture' | 'audio' | 'file';

/** By the type that the server has found in the bytes; what the name says does not count. */
export function shownAs({ mime, fileSize }: Pick<File, 'mime' | 'fileSize'>): Shown {
  if (PICTURES.has(mime)) return fileSize <= PICTURE ? 'picture' : 'large picture';
  return AUDIO.test(mime) ? 'audio' : 'file';
}

async function look(url: string): Promise<boolean> {
  const answer = await fetch(url, { headers: { Range: `bytes=0-${HEAD - 1}` } });
  if (!answer.ok) throw new Error('The picture is not there.');
  return hasFewPixels(await answer.arrayBuffer());
}

const looked = new WeakMap<object, Promise<boolean>>();

/** Whether a picture has few enough pixels; looks at its first bytes, once. Rejects when they cannot be had. */
export function isShowable(file: Pick<File, 'url'>): Promise<boolean> {
  const found = looked.get(file) ?? look(file.url);
  looked.set(file, found);
  return found;
}

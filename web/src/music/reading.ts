// SPDX-License-Identifier: MIT
//
// reading - what a file says of itself: its tags, its picture, its length. The reader is large, so it is loaded when
// the first file is chosen.
import { type Draft, emptyDraft } from './draft';

export interface Read {
  draft: Draft;
  durationMs: number | null;
  /** False when neither the reader nor the browser finds audio in it; the server has the last word. */
  isAudio: boolean;
}

/** What is known of a file by its name alone. */
export function titleOf(fileName: string): string {
  const name = fileName
    .replace(/\.[^.]{1,5}$/, '')
    .replaceAll('_', ' ')
    .trim();
  return Array.from(name).slice(0, 200).join('');
}

const LONGEST = { title: 200, artist: 200, album: 200, genre: 100 };
const cut = (text: string | undefined, most: number) =>
  Array.from(text?.replaceAll('\0', '').trim() ?? '')
    .slice(0, most)
    .join('');

/** The length by the browser's own decoder; null when it knows none. */
export function lengthOf(file: Blob): Promise<number | null> {
  const audio = new Audio();
  const address = URL.createObjectURL(file);
  return new Promise<number | null>((resolve) => {
    audio.addEventListener('loadedmetadata', () => {
      resolve(Number.isFinite(audio.duration) ? Math.round(audio.duration * 1000) : null);
    });
    audio.addEventListener('error', () => resolve(null));
    audio.preload = 'metadata';
    audio.src = address;
  }).finally(() => URL.revokeObjectURL(address));
}

async function tagsIn(file: File): Promise<{ draft: Draft; durationMs: number | null } | null> {
  try {
    const { parseBlob } = await import('music-metadata');
    const { common, format } = await parseBlob(file);
    const [picture] = common.picture ?? [];
    const isPicture = picture?.format.startsWith('image/') ?? false;
    const draft = {
      title: cut(common.title, LONGEST.title) || titleOf(file.name),
      artist: cut(common.artist, LONGEST.artist),
      album: cut(common.album, LONGEST.album),
      genre: cut(common.genre?.[0], LONGEST.genre),
      year: common.year === undefined || common.year > 9999 ? '' : String(common.year),
      tags: (common.genre ?? []).map((genre) => cut(genre, 50)).join(', '),
      cover: picture && isPicture ? new Blob([new Uint8Array(picture.data)], { type: picture.format }) : undefined,
    };
    return { draft, durationMs: format.duration === undefined ? null : Math.round(format.duration * 1000) };
  } catch {
    return null;
  }
}

export async function read(file: File): Promise<Read> {
  const [tags, length] = await Promise.all([tagsIn(file), lengthOf(file)]);
  return {
    draft: tags?.draft ?? { ...emptyDraft, title: titleOf(file.name) },
    durationMs: length ?? tags?.durationMs ?? null,
    isAudio: (length ?? tags?.durationMs ?? 0) > 0,
  };
}

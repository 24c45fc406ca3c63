// SPDX-License-Identifier: MIT
//
// download - a track's audio as a file of one's own: the server counts it and signs the address.
import { on, request } from '../lib/connection';
import type { Track } from '../lib/protocol';

const ENDINGS: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/opus': 'opus',
  'audio/flac': 'flac',
  'audio/wav': 'wav',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
};

/** A name that every file system takes. */
export function fileNameOf({ title, artist, audio }: Pick<Track, 'title' | 'artist' | 'audio'>): string {
  const name = (artist === '' ? title : `${artist} - ${title}`)
    .replace(/[\u0000-\u001f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ')
    .trim();
  return `${Array.from(name).slice(0, 100).join('')}.${ENDINGS[audio.mime] ?? 'audio'}`;
}

export async function download({ id }: Track): Promise<void> {
  const signed = new Promise<Track>((resolve) => {
    const end = on('music', 'DOWNLOAD_TRACK', (track) => {
      if (track.id !== id) return;
      end();
      resolve(track);
    });
  });
  await request('music', 'DOWNLOAD_TRACK', { id });
  const track = await signed;
  const link = document.createElement('a');
  link.href = track.audio.url;
  link.download = fileNameOf(track);
  link.click();
}

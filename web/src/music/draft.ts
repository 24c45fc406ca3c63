// SPDX-License-Identifier: MIT
//
// draft - the fields of a track while somebody writes them: as text, until they are sent.
import type { Track } from '../lib/protocol';

export interface Draft {
  title: string;
  artist: string;
  album: string;
  genre: string;
  year: string;
  /** Separated by commas. */
  tags: string;
  /** A new picture; null for none; undefined leaves what there is. */
  cover: Blob | null | undefined;
}

export interface Fields {
  title: string;
  artist: string;
  album: string;
  genre: string;
  year: number | null;
  tags: string[];
}

export type Problem = 'noTitle' | 'badYear' | 'badTags';

const MOST_TAGS = 32;
const LONGEST_TAG = 50;

export const emptyDraft: Draft = { title: '', artist: '', album: '', genre: '', year: '', tags: '', cover: undefined };

export function draftOf(track: Track): Draft {
  const { title, artist, album, genre, year, tags } = track;
  return {
    title,
    artist,
    album,
    genre,
    year: year === null ? '' : String(year),
    tags: tags.join(', '),
    cover: undefined,
  };
}

/** Each once, in the order of writing. */
export function tagsOf(text: string): string[] {
  const tags = text.split(/[,\n]/).map((tag) => tag.trim());
  return [...new Map(tags.filter((tag) => tag !== '').map((tag) => [tag.toLowerCase(), tag])).values()];
}

export function fieldsOf(draft: Draft): Fields {
  const year = draft.year.trim();
  return {
    title: draft.title.trim(),
    artist: draft.artist.trim(),
    album: draft.album.trim(),
    genre: draft.genre.trim(),
    year: year === '' ? null : Number(year),
    tags: tagsOf(draft.tags),
  };
}

/** What has to be mended before it is sent, by field. */
export function problemsOf(draft: Draft): Partial<Record<'title' | 'year' | 'tags', Problem>> {
  const tags = tagsOf(draft.tags);
  return {
    ...(draft.title.trim() === '' && { title: 'noTitle' as const }),
    ...(!/^\s*\d{0,4}\s*$/.test(draft.year) && { year: 'badYear' as const }),
    ...((tags.length > MOST_TAGS || tags.some((tag) => Array.from(tag).length > LONGEST_TAG)) && {
      tags: 'badTags' as const,
    }),
  };
}

export const isSound = (draft: Draft): boolean => Object.keys(problemsOf(draft)).length === 0;

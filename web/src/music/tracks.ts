// SPDX-License-Identifier: MIT
//
// tracks - a list of tracks as a page shows it: loaded page by page as far as one looks, and kept true by what others
// publish, change, rate and take back.
import { batch, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { on, request } from '../lib/connection';
import type { ListTracks, Track } from '../lib/protocol';
import { Refused } from '../lib/refused';

export type Filter = Pick<ListTracks, 'query' | 'tag' | 'userId' | 'sort'>;

export interface TrackList {
  /** As many as are loaded, from the first one on. */
  readonly tracks: ReadonlySignal<readonly Track[]>;
  /** How many there are; null until known. */
  readonly total: ReadonlySignal<number | null>;
  /** Why the last page could not be loaded. */
  readonly problem: ReadonlySignal<unknown>;
  /** Loads until the track at that place is there. */
  need: (index: number) => void;
  again: () => void;
  /** Ends the list. */
  stop: () => void;
}

const PAGE = 100;
const CALM = 500; // milliseconds: others may publish a hundred at once
const TOO_OFTEN = 1000; // milliseconds until it is asked again

/** Whether a track belongs in a list, and at its beginning: true, false, or null when the server has to say. */
export function belongs(track: Track, { query = '', tag, userId, sort = 'new' }: Filter): boolean | null {
  if (userId !== undefined && track.userId !== userId) return false;
  if (tag !== undefined && !track.tags.some((one) => one.toLowerCase() === tag.toLowerCase())) return false;
  return query === '' && sort === 'new' ? true : null;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isTooOften = (error: unknown) => error instanceof Refused && error.code === 'rate_limited';

export function trackList(filter: ReadonlySignal<Filter>): TrackList {
  const tracks = signal<readonly Track[]>([]);
  const total = signal<number | null>(null);
  const problem = signal<unknown>(null);
  let cursor: string | null = null;
  let asked = 0; // which question the list answers: answers to earlier ones are stale
  let loading = 0; // for which question further pages are on their way
  let wanted = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function begin(): Promise<void> {
    clearTimeout(timer);
    const mine = ++asked;
    try {
      const page = await request('music', 'LIST_TRACKS', { ...filter.peek(), limit: PAGE });
      if (mine !== asked) return;
      batch(() => {
        tracks.value = page.tracks;
        total.value = page.total;
        problem.value = null;
      });
      cursor = page.nextCursor;
      need(Math.min(wanted, page.total - 1));
    } catch (error) {
      if (mine === asked) problem.value = error;
    }
  }

  async function more(mine: number): Promise<void> {
    if (cursor === null) return;
    const page = await request('music', 'LIST_TRACKS', { ...filter.peek(), limit: PAGE, cursor });
    if (mine !== asked) return;
    const known = new Set(tracks.peek().map(({ id }) => id));
    tracks.value = [...tracks.peek(), ...page.tracks.filter(({ id }) => !known.has(id))];
    total.value = page.total;
    cursor = page.nextCursor;
  }

  async function load(mine: number): Promise<void> {
    while (mine === asked && cursor !== null && tracks.peek().length <= wanted) {
      try {
        await more(mine);
        problem.value = null;
      } catch (error) {
        if (!isTooOften(error)) {
          problem.value = error;
          return;
        }
        await wait(TOO_OFTEN);
      }
    }
  }

  function need(index: number): void {
    wanted = index;
    const mine = asked;
    if (loading === mine || cursor === null || tracks.peek().length > index) return;
    loading = mine;
    void load(mine).finally(() => {
      if (loading === mine) loading = 0;
    });
  }

  function change(id: string, to: (track: Track) => Track): void {
    if (tracks.peek().some((track) => track.id === id)) {
      tracks.value = tracks.peek().map((track) => (track.id === id ? to(track) : track));
    }
  }

  function published(track: Track): void {
    const is = belongs(track, filter.peek());
    if (total.peek() === null || tracks.peek().some(({ id }) => id === track.id)) return;
    if (is === true) {
      tracks.value = [track, ...tracks.peek()];
      total.value = (total.peek() ?? 0) + 1;
    } else if (is === null && tracks.peek().length <= PAGE) {
      clearTimeout(timer);
      timer = setTimeout(() => void begin(), CALM);
    }
  }

  function unpublished(id: string): void {
    const rest = tracks.peek().filter((track) => track.id !== id);
    if (rest.length === tracks.peek().length) return;
    tracks.value = rest;
    total.value = (total.peek() ?? 1) - 1;
  }

  const ends = [
    on('music', 'PUBLISH_TRACK', published),
    on('music', 'UPDATE_TRACK', (track) => change(track.id, () => track)),
    on('music', 'UNPUBLISH_TRACK', ({ id }) => unpublished(id)),
    on('music', 'PUBLISH_RATING', ({ trackId, average, count }) => {
      if (average !== undefined && count !== undefined) {
        change(trackId, (track) => ({ ...track, rating: { average, count } }));
      }
    }),
    on('music', 'PUBLISH_COMMENT', ({ trackId }) =>
      change(trackId, (track) => ({ ...track, commentCount: track.commentCount + 1 })),
    ),
    // A new connection: something may have been missed.
    on('music', 'USER_CONNECTED', () => void (total.peek() !== null && begin())),
    filter.subscribe(() => {
      wanted = 0;
      untracked(() => void begin());
    }),
  ];
  return {
    tracks,
    total,
    problem,
    need,
    again: () => void begin(),
    stop: () => {
      asked += 1;
      clearTimeout(timer);
      for (const end of ends) end();
    },
  };
}

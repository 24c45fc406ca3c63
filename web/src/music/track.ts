// SPDX-License-Identifier: MIT
//
// track - one track with what people say of it, kept true while its page is open.
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import { echo, on, request } from '../lib/connection';
import { myId } from '../lib/people';
import type { Comment, Rating, Track } from '../lib/protocol';
import { complain } from '../ui/notices';

export interface OpenTrack {
  /** Null until known. */
  readonly track: ReadonlySignal<Track | null>;
  /** The newest first, as many as are loaded. */
  readonly comments: ReadonlySignal<readonly Comment[]>;
  readonly hasMore: ReadonlySignal<boolean>;
  /** One's own stars; 0 without any. */
  readonly mine: ReadonlySignal<number>;
  /** True when it was taken back while the page is open. */
  readonly isGone: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<unknown>;
  more: () => Promise<void>;
  comment: (text: string, atMs: number | null) => Promise<void>;
  /** Takes a moment to be sent, since arrows lead through all stars. */
  rate: (value: number) => void;
  again: () => void;
  stop: () => void;
}

const CALM = 500; // milliseconds
const RATING_PAGES = 20; // so far one's own rating is looked for

/** Comments by time, the newest first, each once. */
export function withComments(known: readonly Comment[], more: readonly Comment[]): Comment[] {
  const byId = new Map([...known, ...more].map((comment) => [comment.id, comment]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)); // ids sort by time
}

/** The comment to show at a moment: the last one of the five seconds before it. */
export function spokenAt(comments: readonly Comment[], atMs: number): Comment | null {
  let found: Comment | null = null;
  for (const comment of comments) {
    const at = comment.positionMs ?? Infinity;
    if (at <= atMs && at > atMs - 5000 && at >= (found?.positionMs ?? 0)) found = comment;
  }
  return found;
}

export function openTrack(id: string): OpenTrack {
  const track = signal<Track | null>(null);
  const comments = signal<readonly Comment[]>([]);
  const cursor = signal<string | null>(null);
  const hasMore = computed(() => cursor.value !== null);
  const mine = signal(0);
  const isGone = signal(false);
  const problem = signal<unknown>(null);
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const change = (fields: Partial<Track>) => {
    const known = track.peek();
    if (known) track.value = { ...known, ...fields };
  };

  async function findMine(ratings: readonly Rating[], next: string | null): Promise<void> {
    let page = ratings;
    let at = next;
    for (let i = 0; i < RATING_PAGES; i++) {
      const own = page.find((rating) => rating.userId === myId.peek());
      if (own) mine.value = own.value;
      if (own || at === null) return;
      const answer = await request('music', 'LIST_RATINGS', { trackId: id, cursor: at, limit: 100 });
      page = answer.ratings;
      at = answer.nextCursor;
    }
  }

  const commentsFrom = (at: string) => request('music', 'LIST_COMMENTS', { trackId: id, cursor: at, limit: 100 });

  /** The newest comments, and those before them as far as they were shown: none is missing in between. */
  async function take(newest: readonly Comment[], next: string | null): Promise<void> {
    const shown = comments.peek().at(-1)?.id ?? '\uffff';
    const found = [...newest];
    let at = next;
    try {
      while (at !== null && (found.at(-1)?.id ?? '') > shown) {
        const page = await commentsFrom(at);
        found.push(...page.comments);
        at = page.nextCursor;
      }
    } finally {
      const oldest = found.at(-1)?.id ?? '';
      const since = comments.peek().filter((comment) => comment.id >= oldest);
      comments.value = withComments(since, found);
      cursor.value = at;
    }
  }

  async function load(): Promise<void> {
    try {
      const { track: full } = await request('music', 'GET_TRACK', id);
      if (isOver) return;
      const { comments: newest, commentsCursor, ratings, ratingsCursor, ...rest } = full;
      batch(() => {
        track.value = rest;
        problem.value = null;
      });
      await take(newest, commentsCursor);
      await findMine(ratings, ratingsCursor);
    } catch (error) {
      if (!isOver && track.peek() === null) problem.value = error;
    }
  }

  const ends = [
    on('music', 'UPDATE_TRACK', (now) => now.id === id && change(now)),
    on('music', 'UNPUBLISH_TRACK', (gone) => void (isGone.value ||= gone.id === id)),
    on('music', 'PUBLISH_COMMENT', (comment) => {
      if (comment.trackId !== id || comments.peek().some((known) => known.id === comment.id)) return;
      comments.value = withComments(comments.peek(), [comment]);
      change({ commentCount: (track.peek()?.commentCount ?? 0) + 1 });
    }),
    on('music', 'PUBLISH_RATING', ({ trackId, userId, value, average, count }) => {
      if (trackId !== id) return;
      if (average !== undefined && count !== undefined) change({ rating: { average, count } });
      if (userId === myId.peek()) mine.value = value;
    }),
    on('music', 'USER_CONNECTED', () => void (track.peek() && load())),
  ];
  void load();

  async function send(value: number, before: number): Promise<void> {
    try {
      const { rating, average, count } = await request('music', 'PUBLISH_RATING', { trackId: id, value });
      echo('music', 'PUBLISH_RATING', { ...rating, average, count });
    } catch (error) {
      mine.value = before;
      complain(error);
    }
  }

  return {
    track,
    comments,
    hasMore,
    mine,
    isGone,
    problem,
    again: () => void load(),
    async more() {
      const at = cursor.peek();
      if (at === null) return;
      try {
        const page = await commentsFrom(at);
        comments.value = withComments(comments.peek(), page.comments);
        cursor.value = page.nextCursor;
      } catch (error) {
        complain(error);
      }
    },
    async comment(text, atMs) {
      const positionMs = atMs === null ? {} : { positionMs: Math.round(atMs) };
      const { comment } = await request('music', 'PUBLISH_COMMENT', { trackId: id, text, ...positionMs });
      echo('music', 'PUBLISH_COMMENT', comment);
    },
    rate(value) {
      const before = mine.peek();
      mine.value = value;
      clearTimeout(timer);
      timer = setTimeout(() => void send(value, before), CALM);
    },
    stop() {
      isOver = true;
      for (const end of ends) end();
    },
  };
}

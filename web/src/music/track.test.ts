// SPDX-License-Identifier: MIT
import { expect, test, vi } from 'vitest';
import { echo } from '../lib/connection';
import type { Comment, Track } from '../lib/protocol';
import { Refused } from '../lib/refused';
import { openTrack, spokenAt, withComments } from './track';

const comment = (id: string, positionMs: number | null = null) => ({ id, trackId: 't', positionMs }) as Comment;

const server = vi.hoisted(() => ({ comments: ['a'], isBusy: false }));
const PAGE = 2;

vi.mock('../lib/connection', async (original) => ({
  ...(await original<typeof import('../lib/connection')>()),
  request: (_space: string, event: string, payload: { cursor?: string }) => {
    if (event === 'LIST_COMMENTS' && server.isBusy) return Promise.reject(new Refused('rate_limited', 'Slowly.'));
    const from = Number(payload.cursor ?? 0);
    const comments = server.comments.slice(from, from + PAGE).map((id) => comment(id));
    const next = from + PAGE < server.comments.length ? String(from + PAGE) : null;
    if (event === 'LIST_COMMENTS') return Promise.resolve({ comments, nextCursor: next });
    const rating = { average: 0, count: 0 };
    const full = { id: 't', title: 'old', commentCount: 1, rating, comments, commentsCursor: next };
    return Promise.resolve({ track: { ...full, ratings: [], ratingsCursor: null } });
  },
}));
const settle = () => new Promise((resolve) => setTimeout(resolve));

test('comments come the newest first, each once', () => {
  expect(withComments([comment('b'), comment('a')], [comment('c'), comment('a')]).map(({ id }) => id)).toEqual([
    'c',
    'b',
    'a',
  ]);
});

test('a comment is shown for five seconds from its moment on', () => {
  const comments = [comment('c', 4000), comment('b', 3000), comment('a')];
  expect(spokenAt(comments, 2999)).toBeNull();
  expect(spokenAt(comments, 3000)?.id).toBe('b');
  expect(spokenAt(comments, 5000)?.id).toBe('c');
  expect(spokenAt(comments, 8500)?.id).toBe('c');
  expect(spokenAt(comments, 9000)).toBeNull();
});

test('an open track follows what others do with it', async () => {
  server.comments = ['a'];
  const open = openTrack('t');
  await settle();
  expect(open.track.value?.title).toBe('old');
  echo('music', 'UPDATE_TRACK', { id: 't', title: 'new' } as Track);
  echo('music', 'UPDATE_TRACK', { id: 'other', title: 'other' } as Track);
  echo('music', 'PUBLISH_COMMENT', comment('b'));
  echo('music', 'PUBLISH_COMMENT', comment('b'));
  echo('music', 'PUBLISH_RATING', { trackId: 't', userId: 'u', value: 4, timestamp: '', average: 4, count: 1 });
  expect(open.track.value?.title).toBe('new');
  expect(open.track.value?.rating).toEqual({ average: 4, count: 1 });
  expect(open.track.value?.commentCount).toBe(2);
  expect(open.comments.value.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(open.hasMore.value).toBe(false);
  expect(open.isGone.value).toBe(false);
  echo('music', 'UNPUBLISH_TRACK', { id: 't' } as Track);
  expect(open.isGone.value).toBe(true);
  open.stop();
});

test('after a reconnection all comments are there that were shown, and all that were missed', async () => {
  server.comments = Array.from('gfedcba');
  const open = openTrack('t');
  await settle();
  await open.more();
  const shown = () => open.comments.value.map(({ id }) => id).join('');
  expect(shown()).toBe('gfed');
  server.comments = Array.from('ponmlkjihgfedcba');
  echo('music', 'USER_CONNECTED', []);
  echo('music', 'PUBLISH_COMMENT', comment('q'));
  await settle();
  expect(shown()).toBe('qponmlkjihgfedc');
  await open.more();
  expect(shown()).toBe('qponmlkjihgfedcba');

  server.comments = Array.from('zyxwvutsrqponmlkjihgfedcba');
  server.isBusy = true;
  echo('music', 'USER_CONNECTED', []);
  await settle();
  server.isBusy = false;
  expect(shown()).toBe('zy');
  await open.more();
  expect(shown()).toBe('zyxw');
  open.stop();
});

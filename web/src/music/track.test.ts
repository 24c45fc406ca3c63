// SPDX-License-Identifier: MIT
import { expect, test, vi } from 'vitest';
import { echo } from '../lib/connection';
import type { Comment, Track } from '../lib/protocol';
import { openTrack, spokenAt, withComments } from './track';

const comment = (id: string, positionMs: number | null = null) => ({ id, trackId: 't', positionMs }) as Comment;

vi.mock('../lib/connection', async (original) => ({
  ...(await original<typeof import('../lib/connection')>()),
  request: () =>
    Promise.resolve({
      track: {
        id: 't',
        title: 'old',
        commentCount: 1,
        rating: { average: 0, count: 0 },
        comments: [{ id: 'a', trackId: 't' }],
        commentsCursor: 'x',
        ratings: [],
        ratingsCursor: null,
      },
    }),
}));

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
  const open = openTrack('t');
  await new Promise((resolve) => setTimeout(resolve));
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
  expect(open.hasMore.value).toBe(true);
  expect(open.isGone.value).toBe(false);
  echo('music', 'UNPUBLISH_TRACK', { id: 't' } as Track);
  expect(open.isGone.value).toBe(true);
  open.stop();
});

// SPDX-License-Identifier: MIT
import { signal } from '@preact/signals';
import { beforeEach, expect, test, vi } from 'vitest';
import { echo } from '../lib/connection';
import type { ListTracks, Track, TracksAnswer } from '../lib/protocol';
import { belongs, type Filter, trackList } from './tracks';

const asked: { payload: ListTracks; answer: (page: TracksAnswer) => void; refuse: (error: Error) => void }[] = [];

vi.mock('../lib/connection', async (original) => ({
  ...(await original<typeof import('../lib/connection')>()),
  request: (_space: string, _event: string, payload: ListTracks) =>
    new Promise<TracksAnswer>((answer, refuse) => asked.push({ payload, answer, refuse })),
}));

const track = (id: string, more: Partial<Track> = {}) => ({ id, title: id, userId: 'u', tags: [], ...more }) as Track;
const tracks = (from: number, n: number) => Array.from({ length: n }, (_, i) => track(String(from + i)));
const settle = () => new Promise((resolve) => setTimeout(resolve));
const last = () => {
  const one = asked.at(-1);
  if (!one) throw new Error('nothing was asked');
  return one;
};

beforeEach(() => {
  asked.length = 0;
});

test('pages are loaded until what is needed is there', async () => {
  const list = trackList(signal<Filter>({}));
  last().answer({ tracks: tracks(0, 100), nextCursor: 'a', total: 250 });
  await settle();
  expect(list.tracks.value).toHaveLength(100);
  expect(list.total.value).toBe(250);
  list.need(240);
  list.need(249);
  expect(asked).toHaveLength(2);
  expect(last().payload.cursor).toBe('a');
  last().answer({ tracks: tracks(100, 100), nextCursor: 'b', total: 250 });
  await settle();
  expect(last().payload.cursor).toBe('b');
  last().answer({ tracks: tracks(200, 50), nextCursor: null, total: 250 });
  await settle();
  expect(list.tracks.value.map(({ id }) => id)).toEqual(tracks(0, 250).map(({ id }) => id));
  list.need(249);
  expect(asked).toHaveLength(3);
  list.stop();
});

test('an answer to an earlier question is stale', async () => {
  const filter = signal<Filter>({ query: 'a' });
  const list = trackList(filter);
  const first = last();
  filter.value = { query: 'ab' };
  last().answer({ tracks: [track('ab')], nextCursor: null, total: 1 });
  await settle();
  first.answer({ tracks: tracks(0, 9), nextCursor: null, total: 9 });
  await settle();
  expect(list.tracks.value.map(({ id }) => id)).toEqual(['ab']);
  list.stop();
});

test('what others do is seen at once', async () => {
  const list = trackList(signal<Filter>({ tag: 'Folk' }));
  last().answer({ tracks: [track('a'), track('b')], nextCursor: null, total: 2 });
  await settle();
  echo('music', 'PUBLISH_TRACK', track('c', { tags: ['folk'] }));
  echo('music', 'PUBLISH_TRACK', track('d', { tags: ['jazz'] }));
  echo('music', 'UPDATE_TRACK', track('b', { title: 'other' }));
  echo('music', 'PUBLISH_RATING', { trackId: 'b', userId: 'u', value: 5, timestamp: '', average: 5, count: 1 });
  expect(list.tracks.value.map(({ title }) => title)).toEqual(['c', 'a', 'other']);
  echo('music', 'UNPUBLISH_TRACK', track('a'));
  expect(list.tracks.value.map(({ id }) => id)).toEqual(['c', 'b']);
  expect(list.total.value).toBe(2);
  list.stop();
  echo('music', 'UNPUBLISH_TRACK', track('c'));
  expect(list.tracks.value).toHaveLength(2);
});

test('a failure is told, and another try helps', async () => {
  const list = trackList(signal<Filter>({}));
  last().refuse(new Error('no'));
  await settle();
  expect(list.problem.value).toBeInstanceOf(Error);
  list.again();
  last().answer({ tracks: [], nextCursor: null, total: 0 });
  await settle();
  expect([list.problem.value, list.total.value]).toEqual([null, 0]);
  list.stop();
});

test('the server alone knows whether words match and where a title stands', () => {
  expect(belongs(track('a'), {})).toBe(true);
  expect(belongs(track('a'), { userId: 'other' })).toBe(false);
  expect(belongs(track('a'), { query: 'a' })).toBeNull();
  expect(belongs(track('a'), { sort: 'title' })).toBeNull();
});

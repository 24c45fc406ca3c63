// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { Track } from '../lib/protocol';
import { moved, MOST, ordered, queueOf, shuffled, step, updated, withMore, without, type Queue } from './queue';

const track = (id: string) => ({ id, title: id }) as Track;
const tracks = (ids: string) => Array.from(ids, track);
const ids = ({ entries }: Queue) => entries.map((entry) => entry.track.id).join('');
const now = ({ entries, index }: Queue) => entries[index]?.track.id;
const keyOf = ({ entries }: Queue, id: string) => entries.find((entry) => entry.track.id === id)?.key ?? -1;

test('a queue begins at the wanted track', () => {
  const queue = queueOf(tracks('abc'), 1);
  expect([ids(queue), now(queue)]).toEqual(['abc', 'b']);
});

test('of too many tracks those from the wanted one on are taken, as many as may be', () => {
  const many = Array.from({ length: MOST + 10 }, (_, i) => track(String(i)));
  expect(now(queueOf(many, 4))).toBe('4');
  expect(queueOf(many, 4).entries).toHaveLength(MOST);
  expect(now(queueOf(many, MOST + 9))).toBe(String(MOST + 9));
  expect(queueOf(many, MOST + 9).entries).toHaveLength(MOST);
});

test('what is taken out leaves what plays alone', () => {
  const queue = queueOf(tracks('abcd'), 2);
  expect(now(without(queue, keyOf(queue, 'a')))).toBe('c');
  expect(now(without(queue, keyOf(queue, 'd')))).toBe('c');
  expect(now(without(queue, keyOf(queue, 'c')))).toBe('d');
  const atEnd = queueOf(tracks('ab'), 1);
  expect(now(without(atEnd, keyOf(atEnd, 'b')))).toBe('a');
  const one = queueOf(tracks('a'), 0);
  expect(without(one, keyOf(one, 'a'))).toEqual({ entries: [], index: -1 });
});

test('an entry moves, and what plays stays the one that plays', () => {
  const queue = queueOf(tracks('abcd'), 1);
  const down = moved(queue, keyOf(queue, 'a'), 2);
  expect([ids(down), now(down)]).toEqual(['bcad', 'b']);
  const up = moved(queue, keyOf(queue, 'd'), -9);
  expect([ids(up), now(up)]).toEqual(['dabc', 'b']);
});

test('shuffled: what plays comes first, nothing is lost, and the order from before comes back', () => {
  const queue = queueOf(tracks('abcdef'), 2);
  const mixed = shuffled(queue, () => 0);
  expect(now(mixed)).toBe('c');
  expect(mixed.index).toBe(0);
  expect(ids(mixed)).not.toBe('cabdef');
  expect(Array.from(ids(mixed)).sort().join('')).toBe('abcdef');
  const more = withMore(mixed, tracks('gh'));
  expect(ids(ordered(more))).toBe('abcdefgh');
  expect(now(ordered(more))).toBe('c');
});

test('a step leads on, back, around when all repeats, and past the ends nowhere', () => {
  const [first, last] = [queueOf(tracks('abc'), 0), queueOf(tracks('abc'), 2)];
  expect(step(first, 1, 'off')).toBe(1);
  expect(step(last, 1, 'off')).toBeNull();
  expect(step(last, 1, 'all')).toBe(0);
  expect(step(first, -1, 'all')).toBe(2);
  expect(step(first, -1, 'off')).toBeNull();
  expect(step({ entries: [], index: -1 }, 1, 'all')).toBeNull();
});

test('the same track may stand twice; a change reaches both', () => {
  const queue = updated(queueOf(tracks('aba'), 0), { ...track('a'), title: 'new' });
  expect(queue.entries.map((entry) => entry.track.title)).toEqual(['new', 'b', 'new']);
});

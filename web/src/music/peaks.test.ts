// SPDX-License-Identifier: MIT
import { beforeAll, expect, test, vi } from 'vitest';
import type { Track } from '../lib/protocol';
import { barsOf, canDraw, pathOf } from './peaks';

test('each bar is the mean of what it stands for, the loudest is 1', () => {
  expect(barsOf([0.5, 0.75, 0.25, 0.375], 2)).toEqual([1, 0.25]);
  expect(barsOf([0.5], 3)).toEqual([1, 1, 1]);
  expect(barsOf([0, 0], 2)).toEqual([0, 0]);
});

test('silence is drawn as a thin line', () => {
  expect(pathOf([0])).toBe('M0.15 0.97h.7V1.03h-.7z');
});

beforeAll(() => {
  vi.stubGlobal('navigator', {}); // Node 18 has none
});

test('what is too large for a browser is not decoded', () => {
  const track = (size: number, durationMs: number | null) => ({ audio: { size }, durationMs }) as Track;
  expect(canDraw(track(9_000_000, null))).toBe(true);
  expect(canDraw(track(41_000_000, null))).toBe(false);
  expect(canDraw(track(9_000_000, 3_600_000))).toBe(false);
  vi.stubGlobal('navigator', { connection: { saveData: true } });
  expect(canDraw(track(9_000_000, null))).toBe(false);
});

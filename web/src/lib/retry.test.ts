// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ErrorCode } from './protocol';
import { Refused } from './refused';
import { isTransient, persist, retryDelayMs } from './retry';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const codes: [ErrorCode, boolean][] = [
  ['unavailable', true],
  ['rate_limited', true],
  ['bad_request', false],
  ['forbidden', false],
  ['not_found', false],
  ['conflict', false],
  ['too_large', false],
  ['unauthorized', false],
  ['unknown_event', false],
  ['internal', false],
];

test.each(codes)('a request refused with %s is asked again: %s', async (code, isAskedAgain) => {
  let attempts = 0;
  const result = persist(() => {
    attempts++;
    return attempts < 4 ? Promise.reject(new Refused(code, '')) : Promise.resolve('done');
  }).catch(() => 'refused');
  await vi.runAllTimersAsync();
  expect(await result).toBe(isAskedAgain ? 'done' : 'refused');
  expect(attempts).toBe(isAskedAgain ? 4 : 1);
  expect(isTransient(new Refused(code, ''))).toBe(isAskedAgain);
});

test('the pauses grow up to a bound, and what the server asks for wins', () => {
  const refused = new Refused('unavailable', '');
  const pauses = [1, 2, 3, 10].map((failures) => retryDelayMs(refused, failures));
  for (const [i, least] of [1_000, 2_000, 4_000, 30_000].entries()) {
    expect(pauses[i]).toBeGreaterThanOrEqual(least);
    expect(pauses[i]).toBeLessThanOrEqual(least * 1.25);
  }
  expect(retryDelayMs(new Refused('rate_limited', '', 90), 5)).toBeLessThan(120);
});

test('what nobody wants any more is not asked again', async () => {
  let attempts = 0;
  let isWanted = true;
  const result = persist(
    () => {
      attempts++;
      return Promise.reject(new Refused('unavailable', ''));
    },
    () => isWanted,
  ).catch(() => 'given up');
  await vi.advanceTimersByTimeAsync(10);
  isWanted = false;
  await vi.runAllTimersAsync();
  expect(await result).toBe('given up');
  expect(attempts).toBe(1);
});

// SPDX-License-Identifier: MIT
import { signal } from '@preact/signals';
import { beforeEach, expect, test, vi } from 'vitest';

const server = vi.hoisted(() => {
  const listeners = new Map<string, ((payload: unknown) => void)[]>();
  return {
    asked: [] as unknown[],
    answer: (): Promise<object> => Promise.resolve({}),
    on: (_space: string, event: string, take: (payload: unknown) => void) => {
      listeners.set(event, [...(listeners.get(event) ?? []), take]);
    },
    says: (event: string, payload: unknown) => listeners.get(event)?.forEach((take) => take(payload)),
  };
});
const link = signal('online');
const myId = signal('me');
vi.mock('./connection', () => ({
  link,
  on: server.on,
  onData: server.on.bind(null, 'chat'),
  request: (_space: string, _event: string, payload: unknown) => {
    server.asked.push(payload);
    return server.answer();
  },
}));
vi.mock('./people', () => ({ myId }));

const { Refused } = await import('./refused');
const { oneOf, setting } = await import('./settings');

const letter = setting('letter', 'a', oneOf('a', 'b', 'c'));
const snapshot = (settings: object) => server.says('snapshot', { settings });
const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(async () => {
  server.answer = () => Promise.resolve({});
  link.value = 'online';
  await settled();
  snapshot({});
  server.asked.length = 0;
});

test('the snapshot and what other devices set are taken, if they are values of the setting', () => {
  snapshot({ letter: 'b', other: 1 });
  expect(letter.value).toBe('b');
  server.says('USER_SETTINGS_UPDATED', { settingName: 'letter', newValue: 'c' });
  expect(letter.value).toBe('c');
  server.says('USER_SETTINGS_UPDATED', { settingName: 'unknown', newValue: 'b' });
  expect(letter.value).toBe('c');
  server.says('USER_SETTINGS_UPDATED', { settingName: 'letter', newValue: { no: 'letter' } });
  expect(letter.value).toBe('a');
});

test('what is set holds at once and goes to the server', async () => {
  letter.set('c');
  expect(letter.value).toBe('c');
  await settled();
  expect(server.asked).toEqual([{ settingName: 'letter', newValue: 'c' }]);
});

test('what is set while the server is away outlives its snapshot, and is sent when it is back', async () => {
  link.value = 'offline';
  letter.set('b');
  await settled();
  expect(server.asked).toEqual([]);
  snapshot({ letter: 'a' });
  expect(letter.value).toBe('b');
  link.value = 'online';
  await settled();
  expect(server.asked).toEqual([{ settingName: 'letter', newValue: 'b' }]);
  snapshot({ letter: 'c' });
  expect(letter.value).toBe('c');
});

test('what the server cannot take now is sent again; what it refuses for good is given up', async () => {
  vi.useFakeTimers();
  server.answer = () => Promise.reject(new Refused('unavailable', 'Away.'));
  letter.set('b');
  await vi.advanceTimersByTimeAsync(10);
  snapshot({});
  expect(letter.value).toBe('b');
  server.answer = () => Promise.resolve({});
  await vi.advanceTimersByTimeAsync(2_000);
  expect(server.asked).toEqual(Array(2).fill({ settingName: 'letter', newValue: 'b' }));
  server.answer = () => Promise.reject(new Refused('too_large', 'Too many settings.'));
  letter.set('c');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.asked).toHaveLength(3);
  snapshot({});
  expect(letter.value).toBe('a');
  vi.useRealTimers();
});

test('another account does not get what was not sent', () => {
  link.value = 'offline';
  letter.set('b');
  myId.value = 'somebody else';
  snapshot({ letter: 'c' });
  expect(letter.value).toBe('c');
  myId.value = 'me';
  snapshot({ letter: 'c' });
  expect(letter.value).toBe('b');
});

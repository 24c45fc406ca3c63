// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { echo } from '../../lib/connection';
import type { Message } from '../../lib/protocol';
import { Refused } from '../../lib/refused';

const asked = vi.hoisted(() => [] as unknown[]);
const server = vi.hoisted(() => ({ answer: null as ((payload: unknown) => Promise<object>) | null }));
vi.mock('../../lib/connection', async (original) => {
  const { signal } = await import('@preact/signals');
  const request = (_space: string, event: string, payload: unknown) => {
    asked.push([event, payload]);
    return event === 'MESSAGE_READ' ? (server.answer?.(payload) ?? Promise.resolve({})) : Promise.resolve({});
  };
  return { ...(await original<typeof import('../../lib/connection')>()), link: signal('online'), request };
});

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await vi.runAllTimersAsync();
  vi.useRealTimers();
});

// As much of a browser as the state of conversations uses when it is loaded.
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('localStorage', { length: 0, getItem: () => null, setItem: () => undefined });
const { takeMessage } = await import('./arrivals');
const { peekRoom, unread } = await import('./groups');
const { readUpTo } = await import('./reading');

test('what one has written oneself counts as read, here and on the server', () => {
  const groups = [{ id: 'g', name: 'g', kind: 'channel', creatorId: null, memberCount: 2, lastSeq: 4, rev: 4 }];
  const me = { id: 'me', username: 'me', displayName: '' };
  const data = { me, users: [], settings: {}, groups, unread: { g: 1 }, notifications: [] };
  echo('chat', 'DATA_RECEIVED', { dataType: 'snapshot', data, timestamp: '' });
  expect(unread.value).toBe(1);

  const message = { messageId: 'm', groupId: 'g', userId: 'me', clientId: 'c', seq: 5, rev: 5, message: 'mine' };
  takeMessage(message as Message);
  expect(unread.value).toBe(0);
  expect(peekRoom('g')?.readSeq).toBe(5);
  expect(asked).toContainEqual(['MESSAGE_READ', { groupId: 'g', seq: 5 }]);
});

test('a read mark that is refused for good does not hold up those of other groups', async () => {
  const groups = ['left', 'other'].map((id) => ({
    id,
    name: id,
    kind: 'channel',
    creatorId: null,
    memberCount: 2,
    lastSeq: 9,
    rev: 9,
  }));
  const me = { id: 'me', username: 'me', displayName: '' };
  const data = { me, users: [], settings: {}, groups, unread: { left: 9, other: 9 }, notifications: [] };
  echo('chat', 'DATA_RECEIVED', { dataType: 'snapshot', data, timestamp: '' });
  asked.length = 0;
  server.answer = (payload) => {
    const { groupId } = payload as { groupId: string };
    return groupId === 'left' ? Promise.reject(new Refused('forbidden', 'Not a member.')) : Promise.resolve({});
  };
  readUpTo('left', 3);
  readUpTo('other', 4);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([
    ['MESSAGE_READ', { groupId: 'left', seq: 3 }],
    ['MESSAGE_READ', { groupId: 'other', seq: 4 }],
  ]);

  let isBusy = true;
  server.answer = () => (isBusy ? Promise.reject(new Refused('rate_limited', '', 5_000)) : Promise.resolve({}));
  readUpTo('other', 6);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(asked).toHaveLength(3);
  isBusy = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.slice(3)).toEqual([['MESSAGE_READ', { groupId: 'other', seq: 6 }]]);
});

// SPDX-License-Identifier: MIT
import { expect, test, vi } from 'vitest';
import { echo } from '../../lib/connection';
import type { Message } from '../../lib/protocol';

const asked = vi.hoisted(() => [] as unknown[]);
vi.mock('../../lib/connection', async (original) => {
  const { signal } = await import('@preact/signals');
  const request = (_space: string, event: string, payload: unknown) => {
    asked.push([event, payload]);
    return Promise.resolve({});
  };
  return { ...(await original<typeof import('../../lib/connection')>()), link: signal('online'), request };
});

// As much of a browser as the state of conversations uses when it is loaded.
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('localStorage', { length: 0, getItem: () => null, setItem: () => undefined });
const { takeMessage } = await import('./arrivals');
const { peekRoom, unread } = await import('./groups');

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

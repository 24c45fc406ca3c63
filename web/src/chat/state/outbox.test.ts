// SPDX-License-Identifier: MIT
import { beforeEach, expect, test, vi } from 'vitest';
import type { Waiting } from './outbox';

const kept = new Map<string, string>();
const listeners: ((e: { key: string | null }) => void)[] = [];

function one(clientId: string, fields: Partial<Waiting> = {}): Waiting {
  const rest = { replyTo: null, files: [], tracks: [], timestamp: '', refused: null };
  return { clientId, groupId: 'g', message: clientId, ...rest, ...fields };
}

// A page that is opened anew has only what the browser kept.
async function opened(userId = 'ann') {
  vi.resetModules();
  const outbox = await import('./outbox');
  outbox.openOutbox(userId);
  return outbox;
}

beforeEach(() => {
  kept.clear();
  vi.stubGlobal('addEventListener', (_: string, take: (typeof listeners)[0]) => listeners.push(take));
  vi.stubGlobal('localStorage', {
    get length() {
      return kept.size;
    },
    key: (i: number) => [...kept.keys()][i] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

test('what waits outlives a reload, in the order of writing', async () => {
  const before = await opened();
  before.keep(one('2'));
  before.keep(one('1'));
  before.keep(one('3', { groupId: 'h' }));
  const after = await opened();
  expect(after.outbox.value.map(({ clientId }) => clientId)).toEqual(['1', '2', '3']);
  expect(after.waitingIn('g').map(({ clientId }) => clientId)).toEqual(['1', '2']);
  after.settle('1');
  expect((await opened()).outbox.value.map(({ clientId }) => clientId)).toEqual(['2', '3']);
});

test('a refusal stays with its message', async () => {
  const outbox = await opened();
  outbox.keep(one('1'));
  outbox.keep(one('1', { refused: { code: 'forbidden', message: 'No.' } }));
  expect((await opened()).outbox.value).toMatchObject([{ clientId: '1', refused: { code: 'forbidden' } }]);
});

test('another account has its own, and what is no message is passed over', async () => {
  (await opened('ann')).keep(one('1'));
  kept.set('antiphon.out.bob.9', 'nonsense {');
  expect((await opened('bob')).outbox.value).toEqual([]);
  expect((await opened('ann')).outbox.value).toHaveLength(1);
});

test('what another tab has sent is not sent here', async () => {
  const outbox = await opened();
  outbox.keep(one('1'));
  kept.clear();
  listeners.at(-1)?.({ key: 'antiphon.out.ann.1' });
  expect(outbox.outbox.value).toEqual([]);
});

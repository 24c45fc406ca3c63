// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { Message } from '../../lib/protocol';
import { placeOf } from './rows';

const message = (userId: string, timestamp: string, fields: Partial<Message> = {}) =>
  ({ userId, timestamp, replyTo: null, deletedAt: null, ...fields }) as Message;

test('messages of one author that follow each other stand together', () => {
  const first = message('ann', '2026-11-22T09:00:00Z');
  const soon = '2026-11-22T09:04:00Z';
  expect(placeOf(message('ann', soon), first)).toEqual({ isHead: false, isNewDay: false });
  expect(placeOf(message('bob', soon), first).isHead).toBe(true);
  expect(placeOf(message('ann', '2026-11-22T09:06:00Z'), first).isHead).toBe(true);
  expect(placeOf(message('ann', soon, { replyTo: 'x' }), first).isHead).toBe(true);
  expect(placeOf(message('ann', soon), undefined)).toEqual({ isHead: true, isNewDay: false });
});

test('another day has a line', () => {
  expect(placeOf(message('ann', '2026-11-24T09:00:00Z'), message('ann', '2026-11-22T09:00:00Z'))).toEqual({
    isHead: true,
    isNewDay: true,
  });
});

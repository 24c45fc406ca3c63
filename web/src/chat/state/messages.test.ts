// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import type { Message } from '../../lib/protocol';
import { backInStep, edit, erase, messageById, newConversation, passRev, prune, put, react, reacted } from './messages';

const groupId = 'g';
const timestamp = '2026-11-22T09:00:00.000Z';

function message(seq: number, fields: Partial<Message> = {}): Message {
  const empty = {
    replyTo: null,
    files: [],
    tracks: [],
    editedAt: null,
    deletedAt: null,
    reactions: [],
    clientId: null,
  };
  return {
    messageId: `m${seq}`,
    groupId,
    seq,
    rev: seq,
    userId: 'u',
    message: `text ${seq}`,
    timestamp,
    ...empty,
    ...fields,
  };
}

const edited = (seq: number, rev: number, text: string) => ({
  messageId: `m${seq}`,
  groupId,
  seq,
  rev,
  userId: 'u',
  message: text,
  editedAt: timestamp,
});

test('what comes late, twice or out of turn changes nothing', () => {
  const c = newConversation(groupId, 0);
  put(c, message(1));
  edit(c, edited(1, 5, 'new'));
  edit(c, edited(1, 3, 'old'));
  expect(put(c, message(1))).toBe(false);
  expect(c.messages.get(1)).toMatchObject({ message: 'new', rev: 5, editedAt: timestamp });
  // A page of history that was asked for before.
  put(c, message(1, { rev: 5, message: 'new' }));
  expect(messageById(c, 'm1')?.message).toBe('new');
  edit(c, edited(7, 9, 'of a message that is not here'));
  expect(c.messages.size).toBe(1);
});

test('a deleted message keeps its place and nothing else', () => {
  const c = newConversation(groupId, 0);
  put(c, message(1, { reactions: [{ reaction: '👍', userIds: ['u'] }] }));
  erase(c, { messageId: 'm1', groupId, seq: 1, rev: 2, deletedBy: 'u', timestamp });
  expect(c.messages.get(1)).toMatchObject({ seq: 1, message: '', deletedAt: timestamp, reactions: [] });
});

test('reactions are given and taken back', () => {
  const given = reacted([], { reaction: '👍', userId: 'a', on: true });
  const both = reacted(given, { reaction: '👍', userId: 'b', on: true });
  expect(both).toEqual([{ reaction: '👍', userIds: ['a', 'b'] }]);
  expect(reacted(both, { reaction: '👍', userId: 'b', on: true })).toEqual(both);
  expect(reacted(given, { reaction: '👍', userId: 'a', on: false })).toEqual([]);
  expect(reacted(given, { reaction: '🎵', userId: 'a', on: false })).toEqual(given);
  const c = newConversation(groupId, 0);
  put(c, message(1));
  react(c, { messageId: 'm1', groupId, userId: 'a', reaction: '👍', on: true, rev: 2, timestamp });
  expect(c.messages.get(1)?.reactions).toEqual(given);
});

test('the rev stays while what was missed is being fetched', () => {
  const c = newConversation(groupId, 10);
  c.isInStep = false;
  passRev(c, 30);
  expect(c.rev).toBe(10);
  backInStep(c);
  expect(c.rev).toBe(30);
  passRev(c, 31);
  expect(c.rev).toBe(31);
});

test('memory is bounded: what is far from where one looks goes', () => {
  const c = newConversation(groupId, 0);
  for (let seq = 1; seq <= 3000; seq++) put(c, message(seq));
  prune(c, 2500);
  expect(c.messages.size).toBe(3000);
  put(c, message(3001));
  prune(c, 2500);
  expect([c.messages.has(1499), c.messages.has(1500), c.messages.has(3001)]).toEqual([false, true, true]);
  expect(messageById(c, 'm1')).toBeNull();
  expect(c.places.size).toBe(c.messages.size);
});

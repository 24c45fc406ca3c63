// SPDX-License-Identifier: MIT
//
// typing - who is writing in which group, and telling the others that one is.
import { signal } from '@preact/signals';
import { on, say } from '../../lib/connection';
import { myId } from '../../lib/people';

const LASTS = 5000; // milliseconds that one is said to be writing
const EVERY = 3000; // between two tellings of one's own

/** groupId to the ids of those who write there. */
const writers = signal<ReadonlyMap<string, readonly string[]>>(new Map());
const timers = new Map<string, ReturnType<typeof setTimeout>>();

const NOBODY: readonly string[] = [];

export function typingIn(groupId: string): readonly string[] {
  return writers.value.get(groupId) ?? NOBODY;
}

function set(groupId: string, ids: readonly string[]): void {
  const next = new Map(writers.peek());
  if (ids.length > 0) next.set(groupId, ids);
  else next.delete(groupId);
  writers.value = next;
}

export function stopTyping(groupId: string, userId: string): void {
  const ids = writers.peek().get(groupId);
  if (!ids?.includes(userId)) return;
  clearTimeout(timers.get(`${groupId} ${userId}`));
  timers.delete(`${groupId} ${userId}`);
  set(
    groupId,
    ids.filter((id) => id !== userId),
  );
}

on('chat', 'TYPING', ({ groupId, userId }) => {
  if (userId === myId.peek()) return;
  const ids = writers.peek().get(groupId) ?? NOBODY;
  if (!ids.includes(userId)) set(groupId, [...ids, userId]);
  const key = `${groupId} ${userId}`;
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => stopTyping(groupId, userId), LASTS),
  );
});

let last = { groupId: '', at: 0 };

/** One is writing: tells it now and then. */
export function typing(groupId: string, now = Date.now()): void {
  if (last.groupId === groupId && now - last.at < EVERY) return;
  last = { groupId, at: now };
  say('TYPING', { groupId });
}

/** What one wrote is sent: the next letter is told at once. */
export function doneTyping(): void {
  last = { groupId: '', at: 0 };
}

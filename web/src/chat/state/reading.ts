// SPDX-License-Identifier: MIT
//
// reading - which conversation is open, and the read marks that the server gets.
import { computed, effect, signal, untracked } from '@preact/signals';
import { link, request } from '../../lib/connection';
import { isTransient, persist } from '../../lib/retry';
import { waiting } from '../../ui/title';
import { groupIds, lastGroup, markRead, peekRoom, unread } from './groups';
import { readCalls } from './notifications';

const PAUSE_MS = 400; // between two rounds of MESSAGE_READ

/** The conversation on the page; null when another page is shown. */
export const openGroup = signal<string | null>(null);

/** Read marks that the server does not have yet. */
const pending = new Map<string, number>();
let isSending = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Sends one read mark; it stays pending when the server cannot take it now. */
async function send(groupId: string, seq: number): Promise<void> {
  const isNewest = () => pending.get(groupId) === seq;
  try {
    await persist(
      () => request('chat', 'MESSAGE_READ', { groupId, seq }),
      () => link.peek() === 'online' && isNewest(),
    );
  } catch (error) {
    if (isTransient(error)) return;
    // Refused for good, as by a group that one is no longer a member of.
  }
  if (isNewest()) pending.delete(groupId);
}

async function sendAll(): Promise<void> {
  isSending = true;
  for (const [groupId, seq] of [...pending]) await send(groupId, seq);
  isSending = false;
}

/** Sends at once, and what comes soon after together. */
function soon(): void {
  if (pending.size === 0 || link.peek() !== 'online' || timer !== undefined) return;
  if (!isSending) void sendAll().then(soon);
  timer = setTimeout(() => {
    timer = undefined;
    soon();
  }, PAUSE_MS);
}

/** Everything up to this message has been looked at. */
export function readUpTo(groupId: string, seq: number): void {
  const room = peekRoom(groupId);
  if (!room) return;
  if (seq >= room.group.lastSeq) readCalls(groupId);
  if (!markRead(groupId, seq)) return;
  pending.set(groupId, seq);
  soon();
}

effect(() => {
  if (link.value === 'online') soon();
});

// The group that is open: who writes in it is told to this page.
const activeGroup = computed(() => {
  const id = openGroup.value;
  return id !== null && link.value === 'online' && groupIds.value.includes(id) ? id : null;
});

effect(() => {
  const id = activeGroup.value;
  if (id === null) return;
  lastGroup.value = id;
  untracked(() => {
    persist(
      () => request('chat', 'USER_CHANGED_GROUP', { newChannelId: { id } }),
      () => activeGroup.peek() === id,
    ).catch(() => undefined);
  });
});

effect(() => {
  waiting.value = unread.value;
});

// SPDX-License-Identifier: MIT
//
// reading - which conversation is open, and telling the server how far it has been read.
import { computed, effect, signal } from '@preact/signals';
import { link, request } from '../../lib/connection';
import { waiting } from '../../ui/title';
import { groupIds, lastGroup, markRead, peekRoom, unread } from './groups';
import { readCalls } from './notifications';

const PAUSE = 400; // milliseconds between two tellings

/** The conversation on the page; null when another page is shown. */
export const openGroup = signal<string | null>(null);

const untold = new Map<string, number>();
let timer: ReturnType<typeof setTimeout> | undefined;

async function tell(): Promise<void> {
  for (const [groupId, seq] of [...untold]) {
    try {
      await request('chat', 'MESSAGE_READ', { groupId, seq });
      if (untold.get(groupId) === seq) untold.delete(groupId);
    } catch {
      return; // told when the server is back
    }
  }
}

/** Tells at once, and what comes soon after together. */
function soon(): void {
  if (untold.size === 0 || link.peek() !== 'online' || timer !== undefined) return;
  void tell();
  timer = setTimeout(() => {
    timer = undefined;
    soon();
  }, PAUSE);
}

/** Everything up to this message has been looked at. */
export function readUpTo(groupId: string, seq: number): void {
  const room = peekRoom(groupId);
  if (!room) return;
  if (seq >= room.group.lastSeq) readCalls(groupId);
  if (!markRead(groupId, seq)) return;
  untold.set(groupId, seq);
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
  request('chat', 'USER_CHANGED_GROUP', { newChannelId: { id } }).catch(() => undefined);
});

effect(() => {
  waiting.value = unread.value;
});

// SPDX-License-Identifier: MIT
//
// outbox - messages that the server has not acknowledged yet. They stand in localStorage, one under each key, so that
// they outlive a reload and two tabs never overwrite each other's.
import { computed, signal } from '@preact/signals';
import type { ErrorCode, File, Track } from '../../lib/protocol';

export interface Waiting {
  /** Version 7: those written later sort behind. */
  clientId: string;
  groupId: string;
  message: string;
  replyTo: string | null;
  files: File[];
  tracks: Track[];
  timestamp: string;
  /** Why the server did not take it; null while it may. */
  refused: { code: ErrorCode; message: string } | null;
}

const PREFIX = 'antiphon.out.';

const owner = signal('');
const all = signal<readonly Waiting[]>([]);

/** What waits, in the order of writing. */
export const outbox = computed(() => all.value);

const byGroup = computed(() => {
  const groups = new Map<string, Waiting[]>();
  for (const one of all.value) {
    const list = groups.get(one.groupId);
    if (list) list.push(one);
    else groups.set(one.groupId, [one]);
  }
  return groups;
});

const NONE: readonly Waiting[] = [];

export function waitingIn(groupId: string): readonly Waiting[] {
  return byGroup.value.get(groupId) ?? NONE;
}

const keyOf = (clientId: string) => `${PREFIX}${owner.peek()}.${clientId}`;

function parse(text: string | null): Waiting | null {
  try {
    const one = JSON.parse(text ?? 'null') as Waiting | null;
    return one && typeof one.clientId === 'string' && typeof one.message === 'string' ? one : null;
  } catch {
    return null;
  }
}

function readAll(userId: string): Waiting[] {
  const found: Waiting[] = [];
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i);
      const one = key?.startsWith(`${PREFIX}${userId}.`) ? parse(localStorage.getItem(key)) : null;
      if (one) found.push(one);
    }
  } catch {
    // A browser that keeps nothing.
  }
  return found.sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
}

/** Whose messages these are; those that wait from before the reload are there then. */
export function openOutbox(userId: string): void {
  if (owner.peek() === userId) return;
  owner.value = userId;
  all.value = readAll(userId);
}

/** Keeps one, new or changed. */
export function keep(one: Waiting): void {
  const others = all.peek().filter(({ clientId }) => clientId !== one.clientId);
  all.value = [...others, one].sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
  try {
    localStorage.setItem(keyOf(one.clientId), JSON.stringify(one));
  } catch {
    // Full, or not allowed: it waits as long as the page is open.
  }
}

/** The server has it, or it is not to be sent any more. */
export function settle(clientId: string | null): void {
  if (clientId === null || !all.peek().some((one) => one.clientId === clientId)) return;
  all.value = all.peek().filter((one) => one.clientId !== clientId);
  try {
    localStorage.removeItem(keyOf(clientId));
  } catch {
    // Nothing was kept.
  }
}

// What another tab wrote, and what it sent.
globalThis.addEventListener('storage', (e) => {
  if (e.key === null || e.key.startsWith(`${PREFIX}${owner.peek()}.`)) all.value = readAll(owner.peek());
});

// SPDX-License-Identifier: MIT
//
// groups - the groups one is a member of, and how far one has read each.
import { batch, computed, signal, type Signal } from '@preact/signals';
import { request } from '../../lib/connection';
import { myId } from '../../lib/people';
import type { Group, Snapshot } from '../../lib/protocol';
import { stored } from '../../lib/stored';

export interface Room {
  group: Group;
  /** The newest message that one has read. */
  readSeq: number;
}

const rooms = new Map<string, Signal<Room | null>>();

/** Ids of one's groups. */
export const groupIds = signal<readonly string[]>([]);

/** False until the first snapshot. */
export const hasGroups = signal(false);

/** The conversation that one was in last. */
export const lastGroup = stored<string | null>('antiphon.group', null);

/** The other one of each direct conversation, which never changes. */
const peers = stored<Readonly<Record<string, string>>>('antiphon.peers', {});

function entry(id: string): Signal<Room | null> {
  let room = rooms.get(id);
  if (!room) {
    room = signal<Room | null>(null);
    rooms.set(id, room);
  }
  return room;
}

/** A group of one's own; null when it is none. */
export function roomOf(id: string): Room | null {
  return entry(id).value;
}

/** The same, not followed. */
export function peekRoom(id: string): Room | null {
  return entry(id).peek();
}

/** Takes in a group, the first time or as it is now. A new one has been read up to `readSeq`. */
export function putGroup(group: Group, readSeq = 0): void {
  const room = entry(group.id);
  const before = room.peek();
  room.value = { group, readSeq: Math.max(before?.readSeq ?? 0, readSeq) };
  if (!before) groupIds.value = [...groupIds.peek(), group.id];
}

export function dropGroup(id: string): void {
  entry(id).value = null;
  groupIds.value = groupIds.peek().filter((other) => other !== id);
  if (lastGroup.peek() === id) lastGroup.value = null;
}

export function changeGroup(id: string, fields: Partial<Group>): void {
  const room = entry(id);
  const before = room.peek();
  if (before) room.value = { ...before, group: { ...before.group, ...fields } };
}

/** Moves the read mark of a group forward; true when that changed it. */
export function markRead(id: string, seq: number): boolean {
  const room = entry(id);
  const before = room.peek();
  if (!before || seq <= before.readSeq) return false;
  room.value = { ...before, readSeq: seq };
  return true;
}

export function unreadOf(room: Room): number {
  return Math.max(0, room.group.lastSeq - room.readSeq);
}

/** All messages that wait to be read. */
export const unread = computed(() =>
  groupIds.value.reduce((sum, id) => {
    const room = roomOf(id);
    return room ? sum + unreadOf(room) : sum;
  }, 0),
);

/** Replaces all groups by those of a snapshot. */
export function takeGroups({ groups, unread: counts }: Snapshot): void {
  const waiting = counts as Record<string, number>;
  batch(() => {
    const now = new Set(groups.map(({ id }) => id));
    for (const id of groupIds.peek()) if (!now.has(id)) dropGroup(id);
    for (const group of groups) putGroup(group, group.lastSeq - (waiting[group.id] ?? 0));
    groupIds.value = groups.map(({ id }) => id);
    hasGroups.value = true;
  });
}

const askedPeers = new Set<string>();
let queue: Promise<unknown> = Promise.resolve();

export function learnPeer(groupId: string, userId: string): void {
  if (peers.peek()[groupId] !== userId) peers.value = { ...peers.peek(), [groupId]: userId };
}

/** With whom a direct conversation is; null until known. */
export function peerOf({ id, kind, creatorId }: Group): string | null {
  if (kind !== 'direct') return null;
  if (creatorId !== null && creatorId !== myId.value) return creatorId;
  const known = peers.value[id];
  // Another account of this browser may have learnt it: then it is oneself.
  if (known !== undefined && known !== myId.value) return known;
  if (!askedPeers.has(id)) {
    askedPeers.add(id);
    // One after the other: there may be hundreds.
    queue = queue.then(() =>
      request('chat', 'LIST_MEMBERS', { groupId: id }).then(
        ({ users }) => {
          const other = users.find((user) => user.id !== myId.peek());
          if (other) learnPeer(id, other.id);
        },
        () => askedPeers.delete(id),
      ),
    );
  }
  return null;
}

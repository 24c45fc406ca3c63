// SPDX-License-Identifier: MIT
//
// arrivals - takes in what the server sends about groups and messages.
import { signal } from '@preact/signals';
import { on, onData, request } from '../../lib/connection';
import { myId } from '../../lib/people';
import type { Group, GroupCreated, Message, Snapshot } from '../../lib/protocol';
import { flush, inFrame } from './frames';
import { changeGroup, dropGroup, learnPeer, markRead, peekRoom, putGroup, takeGroups } from './groups';
import { dropConversation, keptConversation, resume } from './history';
import { edit, erase, passRev, put, react } from './messages';
import { dropNotification, notifications, takeNotification } from './notifications';
import { openOutbox, settle } from './outbox';
import { readUpTo } from './reading';
import { stopTyping } from './typing';

type Listener = (message: Message) => void;
const listeners = new Set<Listener>();

/** Calls `take` with every new message of somebody else; returns what ends it. */
export function onMessage(take: Listener): () => void {
  listeners.add(take);
  return () => listeners.delete(take);
}

/** Grows when somebody came into or left a group. */
export const membersChanged = signal({ groupId: '', count: 0 });

let isRefreshing = false;

/** Something happened that only a snapshot tells about, as that one was added to a group. */
function refresh(): void {
  if (isRefreshing) return;
  isRefreshing = true;
  request('chat', 'GET_SNAPSHOT', {}).then(
    ({ data }) => {
      isRefreshing = false;
      inFrame(() => takeSnapshot(data));
    },
    () => (isRefreshing = false),
  );
}

function passed(groupId: string, rev: number): void {
  const room = peekRoom(groupId);
  if (room && room.group.rev < rev) changeGroup(groupId, { rev });
  const c = keptConversation(groupId);
  if (c) passRev(c, rev);
}

export function takeMessage(message: Message): void {
  const { groupId, seq, userId } = message;
  const room = peekRoom(groupId);
  if (!room) {
    refresh();
    return;
  }
  const isNew = seq > room.group.lastSeq;
  if (isNew) changeGroup(groupId, { lastSeq: seq });
  const c = keptConversation(groupId);
  if (c) put(c, message);
  passed(groupId, message.rev);
  stopTyping(groupId, userId);
  if (userId !== myId.peek()) {
    if (isNew) listeners.forEach((take) => take(message));
    return;
  }
  settle(message.clientId);
  readUpTo(groupId, seq);
}

/** A message of one's own that the server has acknowledged, which tells its place but not its rev. */
export function takeSent(message: Omit<Message, 'rev'>): void {
  flush();
  const c = keptConversation(message.groupId);
  // At least this: every change before it has been taken in. With less, too much is fetched again, never too little.
  takeMessage({ ...message, rev: c ? c.rev + 1 : 0 });
}

function takeSnapshot(snapshot: Snapshot): void {
  openOutbox(snapshot.me.id);
  takeGroups(snapshot);
  notifications.value = snapshot.notifications;
  resume();
}

function takeCreated({ groupId, name, kind, creatorId, timestamp, members }: GroupCreated): void {
  if (kind === 'direct') {
    const other = members.find((id) => id !== myId.peek());
    if (other !== undefined) learnPeer(groupId, other);
  }
  if (peekRoom(groupId) || !members.includes(myId.peek())) return;
  const group: Group = {
    id: groupId,
    name,
    kind,
    creatorId,
    createdAt: timestamp,
    memberCount: members.length,
    lastSeq: 0,
    rev: 0,
  };
  putGroup(group);
}

export function countMembers(groupId: string, by: number): void {
  const room = peekRoom(groupId);
  if (room) changeGroup(groupId, { memberCount: room.group.memberCount + by });
  membersChanged.value = { groupId, count: membersChanged.peek().count + 1 };
}

export function left(groupId: string): void {
  dropGroup(groupId);
  dropConversation(groupId);
}

onData('snapshot', (snapshot) => {
  flush();
  takeSnapshot(snapshot);
});
on('chat', 'MESSAGE_RECEIVED', (message) => inFrame(() => takeMessage(message)));
on('chat', 'MESSAGE_SENT', (message) => inFrame(() => takeMessage(message)));
on('chat', 'MESSAGE_EDITED', (event) => inFrame(() => takeEdit(event)));
on('chat', 'MESSAGE_DELETED', (event) => inFrame(() => takeDeletion(event)));
on('chat', 'MESSAGE_REACTION', (event) => inFrame(() => takeReaction(event)));
on('chat', 'MESSAGE_READ', ({ groupId, seq }) => inFrame(() => markRead(groupId, seq)));
on('chat', 'GROUP_CREATED', (event) => inFrame(() => takeCreated(event)));
on('chat', 'GROUP_MEMBER_ADDED', ({ groupId, userId }) =>
  inFrame(() => {
    if (userId === myId.peek() && !peekRoom(groupId)) refresh();
    else countMembers(groupId, 1);
  }),
);
on('chat', 'GROUP_MEMBER_REMOVED', ({ groupId, userId }) =>
  inFrame(() => {
    if (userId === myId.peek()) left(groupId);
    else countMembers(groupId, -1);
  }),
);
on('chat', 'NOTIFICATION_RECEIVED', (one) => inFrame(() => takeNotification(one)));
on('chat', 'NOTIFICATION_READ', ({ notificationId }) => inFrame(() => dropNotification(notificationId)));

export function takeEdit(event: Parameters<typeof edit>[1]): void {
  const c = keptConversation(event.groupId);
  if (c) edit(c, event);
  passed(event.groupId, event.rev);
}

export function takeDeletion(event: Parameters<typeof erase>[1]): void {
  const c = keptConversation(event.groupId);
  if (c) erase(c, event);
  passed(event.groupId, event.rev);
}

export function takeReaction(event: Parameters<typeof react>[1]): void {
  const c = keptConversation(event.groupId);
  if (c) react(c, event);
  passed(event.groupId, event.rev);
}

/** A group that the server gave in an answer: created, joined, or with another member. */
export function takeGroup(group: Group): void {
  flush();
  if (peekRoom(group.id)) changeGroup(group.id, { memberCount: group.memberCount });
  else putGroup(group, group.lastSeq);
  membersChanged.value = { groupId: group.id, count: membersChanged.peek().count + 1 };
}

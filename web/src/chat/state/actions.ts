// SPDX-License-Identifier: MIT
//
// actions - what one does to messages and groups; each is asked of the server, and taken in when it agrees.
import { request } from '../../lib/connection';
import { myId } from '../../lib/people';
import type { CreateGroup, Group, Message } from '../../lib/protocol';
import { countMembers, left, takeDeletion, takeEdit, takeGroup, takeReaction } from './arrivals';
import { learnPeer } from './groups';

const now = () => new Date().toISOString();

export async function editMessage(message: Message, text: string): Promise<void> {
  const { messageId, groupId, seq } = message;
  const { rev } = await request('chat', 'MESSAGE_EDITED', { messageId, message: text });
  takeEdit({ messageId, groupId, seq, rev, userId: myId.peek(), message: text, editedAt: now() });
}

export async function deleteMessage({ messageId, groupId, seq }: Message): Promise<void> {
  const { rev } = await request('chat', 'MESSAGE_DELETED', { messageId });
  takeDeletion({ messageId, groupId, seq, rev, deletedBy: myId.peek(), timestamp: now() });
}

/** Gives a reaction, or takes it back where one has given it. */
export async function toggleReaction({ messageId, groupId, reactions }: Message, reaction: string): Promise<void> {
  const userId = myId.peek();
  const on = !reactions.some((one) => one.reaction === reaction && one.userIds.includes(userId));
  const { rev } = await request('chat', 'MESSAGE_REACTION', { messageId, reaction, on });
  takeReaction({ messageId, groupId, userId, reaction, on, rev, timestamp: now() });
}

export async function createGroup(wanted: CreateGroup): Promise<Group> {
  const { group } = await request('chat', 'GROUP_CREATED', wanted);
  const peer = wanted.members?.[0];
  if (group.kind === 'direct' && peer !== undefined) learnPeer(group.id, peer);
  takeGroup(group);
  return group;
}

export async function joinGroup(groupId: string): Promise<void> {
  const { group } = await request('chat', 'GROUP_MEMBER_ADDED', { groupId });
  takeGroup(group);
  // What was said before one came is not news.
  if (group.lastSeq > 0) await request('chat', 'MESSAGE_READ', { groupId, seq: group.lastSeq });
}

export async function leaveGroup(groupId: string): Promise<void> {
  await request('chat', 'GROUP_MEMBER_REMOVED', { groupId });
  left(groupId);
}

export async function addMember(groupId: string, userId: string): Promise<void> {
  const { group } = await request('chat', 'GROUP_MEMBER_ADDED', { groupId, userId });
  takeGroup(group);
}

export async function removeMember(groupId: string, userId: string): Promise<void> {
  await request('chat', 'GROUP_MEMBER_REMOVED', { groupId, userId });
  countMembers(groupId, -1);
}

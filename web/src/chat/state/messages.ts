// SPDX-License-Identifier: MIT
//
// messages - the messages of a conversation that this page has, by their seq. Whatever comes late, twice or out of its
// turn changes nothing: of a message the state with the highest rev stays.
import { signal, type Signal } from '@preact/signals';
import type { Message, MessageDeletion, MessageEdit, MessageReactionChange, Reaction } from '../../lib/protocol';

export interface Conversation {
  readonly groupId: string;
  readonly messages: Map<number, Message>;
  /** From messageId to seq, of those in `messages`. */
  readonly places: Map<string, number>;
  /** Grows with every change of `messages`. */
  readonly version: Signal<number>;
  /** Every change up to this rev is in `messages`. */
  rev: number;
  /** False while what was missed is being fetched: `rev` then stays. */
  isInStep: boolean;
  /** The highest rev seen meanwhile. */
  seenRev: number;
}

const MOST = 3000; // messages kept of one conversation
const NEAR = 1000; // of them, those around what is looked at

export function newConversation(groupId: string, rev: number): Conversation {
  return {
    groupId,
    messages: new Map(),
    places: new Map(),
    version: signal(0),
    rev,
    isInStep: true,
    seenRev: rev,
  };
}

/** A change with this rev has been taken in. */
export function passRev(c: Conversation, rev: number): void {
  c.seenRev = Math.max(c.seenRev, rev);
  if (c.isInStep) c.rev = c.seenRev;
}

/** What was missed is there. */
export function backInStep(c: Conversation): void {
  c.isInStep = true;
  c.rev = c.seenRev;
}

/** Takes in a message unless a later state of it is there. */
export function put(c: Conversation, message: Message): boolean {
  const before = c.messages.get(message.seq);
  if (before && before.rev > message.rev) return false;
  c.messages.set(message.seq, message);
  c.places.set(message.messageId, message.seq);
  c.version.value++;
  return true;
}

export function messageById(c: Conversation, messageId: string): Message | null {
  const seq = c.places.get(messageId);
  return seq === undefined ? null : (c.messages.get(seq) ?? null);
}

function change(c: Conversation, messageId: string, rev: number, make: (message: Message) => Message): void {
  const message = messageById(c, messageId);
  if (message && message.rev < rev) put(c, { ...make(message), rev });
}

export function edit(c: Conversation, { messageId, message, rev, editedAt }: MessageEdit): void {
  change(c, messageId, rev, (m) => ({ ...m, message, editedAt }));
}

export function erase(c: Conversation, { messageId, rev, timestamp }: MessageDeletion): void {
  change(c, messageId, rev, (m) => ({
    ...m,
    message: '',
    files: [],
    tracks: [],
    reactions: [],
    replyTo: null,
    deletedAt: timestamp,
  }));
}

/** The reactions with one more or one less. */
export function reacted(
  reactions: readonly Reaction[],
  { reaction, userId, on }: { reaction: string; userId: string; on: boolean },
): Reaction[] {
  const found = reactions.find((one) => one.reaction === reaction);
  if (!found) return on ? [...reactions, { reaction, userIds: [userId] }] : [...reactions];
  const others = found.userIds.filter((id) => id !== userId);
  const userIds = on ? [...others, userId] : others;
  return reactions.map((one) => (one === found ? { ...one, userIds } : one)).filter((one) => one.userIds.length > 0);
}

export function react(c: Conversation, event: MessageReactionChange): void {
  change(c, event.messageId, event.rev, (m) => ({ ...m, reactions: reacted(m.reactions, event) }));
}

/** Drops what is far from where one looks when there is too much. */
export function prune(c: Conversation, around: number): void {
  if (c.messages.size <= MOST) return;
  for (const [seq, { messageId }] of c.messages) {
    if (Math.abs(seq - around) <= NEAR) continue;
    c.messages.delete(seq);
    c.places.delete(messageId);
  }
  c.version.value++;
}

/** Drops everything: too much was missed to catch up with. */
export function empty(c: Conversation): void {
  c.messages.clear();
  c.places.clear();
  c.version.value++;
}

// SPDX-License-Identifier: MIT
//
// rows - how a message stands below the one before it: with its author and time or joined to it, below a day's line.
import type { Message } from '../../lib/protocol';

const TOGETHER = 5 * 60_000; // milliseconds between two messages that stand together

export interface Place {
  /** The author and the time are shown. */
  isHead: boolean;
  /** A line with the day stands above. */
  isNewDay: boolean;
}

const dayOf = (at: string) => new Date(at).toDateString();

/** `before` is the message with the seq before; undefined when it is not there, or not known yet. */
export function placeOf(
  message: Pick<Message, 'userId' | 'timestamp' | 'replyTo'>,
  before: Message | undefined,
): Place {
  if (!before) return { isHead: true, isNewDay: false };
  const isNewDay = dayOf(before.timestamp) !== dayOf(message.timestamp);
  const isNear = Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER;
  const isJoined = before.userId === message.userId && isNear && before.deletedAt === null && message.replyTo === null;
  return { isHead: isNewDay || !isJoined, isNewDay };
}

// SPDX-License-Identifier: MIT
//
// sender - sends what waits in the outbox: in order, one after the other, each once. A clientId is stored once ever by
// the server, so what may have arrived is simply sent again.
import { computed, effect, untracked } from '@preact/signals';
import { link, request } from '../../lib/connection';
import { handOver, takeBack } from '../../lib/handover';
import { myId } from '../../lib/people';
import type { File, MessageSent, Track } from '../../lib/protocol';
import { Refused } from '../../lib/refused';
import { persist } from '../../lib/retry';
import { uuid7 } from '../../lib/uuid';
import { takeSent } from './arrivals';
import { keep, outbox, settle, type Waiting } from './outbox';
import { doneTyping } from './typing';

export interface Written {
  groupId: string;
  message: string;
  replyTo?: string | null;
  files?: File[];
  tracks?: Track[];
}

/** What goes to the server. */
function payloadOf({ clientId, groupId, message, replyTo, files, tracks }: Waiting): MessageSent {
  return {
    clientId,
    groupId,
    message,
    ...(replyTo !== null && { replyTo }),
    ...(files.length > 0 && { fileIds: files.map(({ fileId }) => fileId) }),
    ...(tracks.length > 0 && { trackIds: tracks.map(({ id }) => id) }),
  };
}

async function sendOne(one: Waiting): Promise<void> {
  const { clientId, message, replyTo, files, tracks } = one;
  const answer = await request('chat', 'MESSAGE_SENT', payloadOf(one));
  const { messageId, seq, timestamp } = answer;
  settle(clientId);
  takeSent({
    messageId,
    groupId: answer.groupId,
    seq,
    userId: myId.peek(),
    message,
    timestamp,
    clientId,
    replyTo,
    files,
    tracks,
    editedAt: null,
    deletedAt: null,
    reactions: [],
  });
}

/** Sends until nothing is left, or the connection is lost. */
async function sendAll(): Promise<void> {
  for (;;) {
    const one = outbox.peek().find(({ refused }) => refused === null);
    if (!one) return;
    const waits = () => outbox.peek().some(({ clientId, refused }) => clientId === one.clientId && refused === null);
    try {
      await persist(
        () => sendOne(one),
        () => link.peek() === 'online' && waits(),
      );
    } catch (error) {
      if (link.peek() !== 'online') return;
      const { code, message } = error instanceof Refused ? error : new Refused('internal', '');
      if (waits()) keep({ ...one, refused: { code, message } });
    }
  }
}

let isSending = false;

/** One tab of a browser sends at a time, so that the order holds. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  // Not there where the page came by plain HTTP.
  const { locks } = navigator as { locks?: LockManager };
  return locks ? (locks.request('antiphon.outbox', work) as Promise<T>) : work();
}

export async function pump(): Promise<void> {
  if (isSending || link.peek() !== 'online' || outbox.peek().length === 0) return;
  isSending = true;
  await alone(sendAll).catch(() => undefined);
  isSending = false;
}

/** Sends a message, now or when the server is back. */
export function send({ groupId, message, replyTo = null, files = [], tracks = [] }: Written): void {
  const timestamp = new Date().toISOString();
  keep({ clientId: uuid7(), groupId, message, replyTo, files, tracks, timestamp, refused: null });
  doneTyping();
  void pump();
}

/** Tries once more what was refused. */
export function retry(one: Waiting): void {
  keep({ ...one, refused: null });
  void pump();
}

effect(() => {
  if (link.value === 'online' && outbox.value.length > 0) untracked(() => void pump());
});

/** For the service worker: what waits; nothing, when there is nothing or the page sends; null while that is not known. */
const NOTHING: MessageSent[] = [];
const toHandOver = computed(() => {
  const waiting = outbox.value.filter(({ refused }) => refused === null);
  if (link.value === 'online' || (waiting.length === 0 && myId.value !== '')) return NOTHING;
  return link.value === 'offline' && waiting.length > 0 ? waiting.map(payloadOf) : null;
});

let handed = Promise.resolve();
effect(() => {
  const messages = toHandOver.value;
  if (messages === null) return; // an earlier page's stay
  // One after the other: what was taken back must not be there again.
  untracked(() => {
    handed = handed.then(() => (messages === NOTHING ? takeBack() : handOver(messages))).catch(() => undefined);
  });
});

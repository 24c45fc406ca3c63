// SPDX-License-Identifier: MIT
//
// history - brings messages from the server: the pages around what is looked at, and after a reconnection what was
// missed.
//
// Pages lie at fixed places, so that what several ask for is fetched once. Of the ranges that were wanted only the
// latest counts: who scrolls past ten thousand messages does not load them.
import { batch, signal } from '@preact/signals';
import { link, request } from '../../lib/connection';
import type { Message } from '../../lib/protocol';
import { isTransient, persist } from '../../lib/retry';
import { flush } from './frames';
import { peekRoom } from './groups';
import { backInStep, type Conversation, empty, messageById, newConversation, passRev, prune, put } from './messages';

const PAGE = 50;
const AT_ONCE = 2; // pages under way at the same time
const OPEN = 5; // conversations whose messages are kept
const FAR = 2000; // changes after which everything is loaded anew
const MOST = 200; // messages that the server gives in one answer

/** The conversations that are kept, the one looked at last at the end. */
const kept = new Map<string, Conversation>();

interface Wish {
  from: number;
  to: number;
  under: Set<number>; // pages of the conversation under way, whoever wished for them
}
/** What is looked at. */
const wishes = new WeakMap<Conversation, Wish>();

/** The conversation of a group, as it is kept or a new one. */
export function conversationOf(groupId: string): Conversation {
  const found = kept.get(groupId) ?? newConversation(groupId, peekRoom(groupId)?.group.rev ?? 0);
  kept.delete(groupId);
  kept.set(groupId, found);
  const oldest = kept.keys().next().value;
  if (kept.size > OPEN && oldest !== undefined) kept.delete(oldest);
  return found;
}

/** The same if it is kept; does not count as looking at it. */
export function keptConversation(groupId: string): Conversation | null {
  return kept.get(groupId) ?? null;
}

export function dropConversation(groupId: string): void {
  kept.delete(groupId);
}

/** Pages could not be fetched: shown with a way to try again. */
export const isStuck = signal(false);

function takePage(c: Conversation, messages: readonly Message[]): void {
  batch(() => messages.forEach((message) => put(c, message)));
}

/** The first missing seq of a range; null when all is there. */
function firstMissing(c: Conversation, from: number, to: number): number | null {
  for (let seq = from; seq <= to; seq++) if (!c.messages.has(seq)) return seq;
  return null;
}

/** The missing page nearest to the end of what is wanted: that is what one reads first. */
function nextPage(c: Conversation, { from, to, under }: Wish): number | null {
  for (let page = Math.floor((to - 1) / PAGE); page >= Math.floor((from - 1) / PAGE); page--) {
    const first = Math.max(from, page * PAGE + 1);
    if (!under.has(page) && firstMissing(c, first, Math.min(to, (page + 1) * PAGE)) !== null) return page;
  }
  return null;
}

/** One answer of GET_HISTORY, however long the server takes to be able to give it; says so on the page meanwhile. */
function ask(c: Conversation, afterSeq: number, limit: number) {
  const attempt = () => request('chat', 'GET_HISTORY', { groupId: c.groupId, afterSeq, limit });
  return persist(() =>
    attempt().catch((error: unknown) => {
      isStuck.value = isTransient(error);
      throw error;
    }),
  );
}

async function fetchPage(c: Conversation, wish: Wish, page: number): Promise<void> {
  wish.under.add(page);
  try {
    // An answer may stop before its end where messages are long.
    let at: number | null = page * PAGE + 1;
    const end = (page + 1) * PAGE;
    while (at !== null) {
      const afterSeq: number = at - 1;
      const answer = await ask(c, afterSeq, end - afterSeq);
      takePage(c, answer.messages);
      const last: number = answer.messages.at(-1)?.seq ?? end;
      at = answer.more && last < end ? last + 1 : null;
    }
  } catch {
    return; // Refused for good, as to somebody who is no member any more: the page is not asked for again.
  }
  isStuck.value = false;
  wish.under.delete(page);
  prune(c, Math.round((wish.from + wish.to) / 2));
  pursue(c, wish);
}

function pursue(c: Conversation, wish: Wish): void {
  while (wish.under.size < AT_ONCE) {
    const page = nextPage(c, wish);
    if (page === null) return;
    void fetchPage(c, wish, page);
  }
}

function wishOf(c: Conversation): Wish {
  const wish = wishes.get(c) ?? { from: 1, to: 0, under: new Set<number>() };
  wishes.set(c, wish);
  return wish;
}

/** These messages are looked at: they will come, unless others are looked at before. */
export function want(c: Conversation, from: number, to: number): void {
  const wish = wishOf(c);
  wish.from = Math.max(1, from);
  wish.to = to;
  pursue(c, wish);
}

/** Resolves when these messages are there, whatever is looked at meanwhile. */
export function load(c: Conversation, from: number, to: number): Promise<void> {
  const first = Math.max(1, from);
  pursue(c, { from: first, to, under: wishOf(c).under });
  return new Promise((resolve) => {
    const stop = c.version.subscribe(() => {
      if (firstMissing(c, first, to) === null) queueMicrotask(done);
    });
    function done() {
      stop();
      resolve();
    }
  });
}

async function catchUp(c: Conversation): Promise<void> {
  for (let more = true; more;) {
    const { rev } = c;
    const answer = await persist(
      () => request('chat', 'GET_HISTORY', { groupId: c.groupId, afterRev: rev, limit: MOST }),
      () => link.peek() === 'online' && c.rev === rev,
    );
    flush();
    takePage(c, answer.messages);
    const last = answer.messages.at(-1)?.rev;
    if (last !== undefined) c.rev = Math.max(c.rev, last);
    more = answer.more && last !== undefined;
  }
  c.seenRev = Math.max(c.seenRev, c.rev);
  backInStep(c);
}

/** After a new snapshot: fetches what changed in the conversations that are kept. */
export function resume(): void {
  for (const c of [...kept.values()]) {
    const group = peekRoom(c.groupId)?.group;
    if (!group) kept.delete(c.groupId);
    else if (group.rev - c.rev > FAR) {
      empty(c);
      c.isInStep = true;
      passRev(c, group.rev);
    } else if (group.rev > c.rev) {
      c.isInStep = false;
      // Cut off again: the next snapshot begins anew from the same rev.
      catchUp(c).catch(() => undefined);
    } else backInStep(c);
  }
}

/**
 * Finds a message that is known by its id alone: ids sort by time as seq does, so a few pages lead to it.
 * `near` is a seq that it is probably shortly before. Null when it does not exist.
 */
export async function findMessage(groupId: string, messageId: string, near: number): Promise<Message | null> {
  const c = keptConversation(groupId);
  const known = c && messageById(c, messageId);
  if (known) return known;
  let low = 1;
  let high = Math.max(near, peekRoom(groupId)?.group.lastSeq ?? near);
  let from = Math.max(low, near - PAGE);
  while (low <= high) {
    const { messages } = await request('chat', 'GET_HISTORY', { groupId, afterSeq: from - 1, limit: PAGE });
    const [first, last] = [messages[0], messages.at(-1)];
    if (!first || !last) return null;
    const found = messages.find((message) => message.messageId === messageId);
    if (found) return found;
    if (messageId < first.messageId) high = first.seq - 1;
    else if (messageId > last.messageId) low = last.seq + 1;
    else return null;
    from = Math.max(low, Math.floor((low + high - PAGE) / 2));
  }
  return null;
}

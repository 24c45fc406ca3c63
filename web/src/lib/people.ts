// SPDX-License-Identifier: MIT
//
// people - the users this page has heard of, and who of them is here.
import { computed, effect, signal, type Signal } from '@preact/signals';
import { link, on, onData, request } from './connection';
import type { Status, User } from './protocol';
import { isTransient, persist } from './retry';
import { tame } from './tame';
import { until } from './until';

const known = new Map<string, Signal<User | null>>();

// Who is shown but unknown, and how many of them are asked for at once: a page of history may have a hundred authors.
const asked = new Set<string>();
const unknown = new Set<string>();
const AT_ONCE = 4;
let underWay = 0;

/** Who is connected and visible. */
export const here = signal<ReadonlySet<string>>(new Set());

/** Oneself; null until the first snapshot. */
export const me = signal<User | null>(null);
export const myId = computed(() => me.value?.id ?? '');

function entry(id: string): Signal<User | null> {
  let person = known.get(id);
  if (!person) {
    person = signal<User | null>(null);
    known.set(id, person);
  }
  return person;
}

function isSame(a: User | null, b: User): boolean {
  const fields = new Map<string, unknown>(Object.entries(a ?? {}));
  const now = Object.entries(b);
  return fields.size === now.length && now.every(([name, value]) => fields.get(name) === value);
}

/** Takes in what the server says of a user. Those who show them are told only when something has changed. */
export function learn(user: User): void {
  const known = entry(user.id);
  if (isSame(known.peek(), user)) return;
  known.value = user;
  byName.set(fold(user.username), user.id);
  if (user.id === me.peek()?.id) me.value = user;
}

async function look(id: string): Promise<void> {
  underWay++;
  try {
    const answer = await persist(
      () => request('music', 'GET_USER', id),
      () => link.peek() !== 'offline',
    );
    learn(answer.user);
  } catch (error) {
    if (isTransient(error)) unknown.add(id); // asked for when the server is back
  } finally {
    underWay--;
    askNext();
  }
}

function askNext(): void {
  for (const id of unknown) {
    if (underWay >= AT_ONCE || link.peek() === 'offline') return;
    unknown.delete(id);
    void look(id);
  }
}

function ask(id: string): void {
  unknown.add(id);
  askNext();
}

/** A user, null until known; who is unknown is asked for. */
export function person(id: string): User | null {
  const found = entry(id);
  if (found.peek() === null && !asked.has(id)) {
    asked.add(id);
    ask(id);
  }
  return found.value;
}

const SOON = 2_000; // milliseconds

/** The name of a user, waited for a little while they are unknown: for what is said once. */
export async function nameSoon(id: string): Promise<string> {
  await until(
    computed(() => person(id) !== null),
    SOON,
  );
  return nameOf(entry(id).peek());
}

/** Everybody heard of so far; not followed. */
export function everybody(): User[] {
  return [...known.values()].map((one) => one.peek()).filter((one) => one !== null);
}

/** The name to show; of somebody not known yet, an ellipsis. */
export function nameOf(user: User | null): string {
  if (!user) return '…';
  const shown = tame(user.displayName).trim();
  return shown === '' ? user.username : shown;
}

const byName = new Map<string, string>();
const fold = (name: string) => name.normalize('NFKC').toLowerCase();

/** Who is mentioned by that name, if heard of. */
export function byUsername(name: string): User | null {
  const id = byName.get(fold(name));
  return id === undefined ? null : entry(id).peek();
}

/** What others see of somebody now: `offline` unless they are here. */
export function statusOf(id: string): Status {
  if (!here.value.has(id)) return 'offline';
  return entry(id).value?.status ?? 'online';
}

/** Says what one does now. */
export async function changeStatus(newStatus: Status, statusText: string): Promise<void> {
  await request('chat', 'USER_STATUS_CHANGED', { newStatus, statusText });
  const user = me.peek();
  if (user) learn({ ...user, status: newStatus, statusText });
}

const FOUND = 30; // at once

/** People whose name begins so, a page of them. */
export async function findPeople(
  query: string,
  from: { cursor?: string } = {},
): Promise<{ found: User[]; nextCursor: string | null }> {
  const wanted = { ...(query !== '' && { query }), ...from, limit: FOUND };
  const { users, nextCursor } = await request('music', 'LIST_USERS', wanted);
  users.forEach(learn);
  return { found: users, nextCursor };
}

function arrive(ids: readonly string[], gone: readonly string[] = []): void {
  const next = new Set(here.peek());
  for (const id of ids) next.add(id);
  for (const id of gone) next.delete(id);
  here.value = next;
}

on('music', 'USER_CONNECTED', (users) => {
  users.forEach(learn);
  here.value = new Set(users.map((user) => user.id));
});
on('music', 'USER_CONNECT', (user) => {
  learn(user);
  arrive([user.id]);
});
on('music', 'USER_DISCONNECT', (user) => arrive([], [user.id]));
on('music', 'USER_UPDATE', learn);
on('chat', 'USER_CONNECTED', ({ userId }) => arrive([userId]));
on('chat', 'USER_DISCONNECTED', ({ userId }) => arrive([], [userId]));
on('chat', 'USER_STATUS_CHANGED', ({ userId, newStatus, statusText }) => {
  const user = entry(userId).peek();
  if (user) learn({ ...user, status: newStatus, statusText });
});
onData('snapshot', (snapshot) => {
  me.value = snapshot.me;
  learn(snapshot.me);
  snapshot.users.forEach(learn);
});
onData('presence', ({ connected, disconnected }) => arrive(connected, disconnected));
effect(() => {
  if (link.value === 'online') askNext();
});

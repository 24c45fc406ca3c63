// SPDX-License-Identifier: MIT
//
// people - the users this page has heard of, and who of them is here.
import { computed, signal, type Signal } from '@preact/signals';
import { on, request } from './connection';
import type { PresenceDigest, Snapshot, Status, User } from './protocol';

const known = new Map<string, Signal<User | null>>();
const asked = new Set<string>();

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

/** Takes in what the server says of a user. */
export function learn(user: User): void {
  entry(user.id).value = user;
  if (user.id === me.peek()?.id) me.value = user;
}

/** A user, null until known; who is unknown is asked for once. */
export function person(id: string): User | null {
  const found = entry(id);
  if (found.peek() === null && !asked.has(id)) {
    asked.add(id);
    request('music', 'GET_USER', id).then(
      ({ user }) => learn(user),
      () => asked.delete(id),
    );
  }
  return found.value;
}

/** Everybody heard of so far; not followed. */
export function everybody(): User[] {
  return [...known.values()].map((one) => one.peek()).filter((one) => one !== null);
}

/** The name to show; of somebody not known yet, an ellipsis. */
export function nameOf(user: User | null): string {
  if (!user) return '…';
  return user.displayName.trim() === '' ? user.username : user.displayName;
}

/** What others see of somebody now: `offline` unless they are here. */
export function statusOf(id: string): Status {
  if (!here.value.has(id)) return 'offline';
  return entry(id).value?.status ?? 'online';
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
on('chat', 'DATA_RECEIVED', ({ dataType, data }) => {
  if (dataType === 'snapshot') {
    const snapshot = data as Snapshot;
    me.value = snapshot.me;
    learn(snapshot.me);
    snapshot.users.forEach(learn);
  } else if (dataType === 'presence') {
    const { connected, disconnected } = data as PresenceDigest;
    arrive(connected, disconnected);
  }
});

// SPDX-License-Identifier: MIT
//
// admin - what admins do: the accounts of the server and its invites.
import { signal } from '@preact/signals';
import { request } from '../lib/connection';
import { call } from '../lib/http';
import { learn } from '../lib/people';
import type { ChangeUser, InviteInfo, User } from '../lib/protocol';

interface People {
  query: string;
  users: User[];
  next: string | null;
}

/** The accounts found; null until they have come. */
export const people = signal<People | null>(null);

let asked = 0;

/** Looks for accounts by the beginning of a name. Only the answer to the last question counts. */
export async function findPeople(query: string): Promise<void> {
  const mine = ++asked;
  const { users, nextCursor } = await request('music', 'LIST_USERS', { ...(query !== '' && { query }), limit: 50 });
  if (mine === asked) people.value = { query, users, next: nextCursor };
}

export async function findMore(): Promise<void> {
  const before = people.peek();
  if (before?.next === null || !before) return;
  const { query, next } = before;
  const page = await request('music', 'LIST_USERS', { ...(query !== '' && { query }), cursor: next, limit: 50 });
  if (people.peek() === before)
    people.value = { query, users: [...before.users, ...page.users], next: page.nextCursor };
}

/** The account is in `people` as it is then. */
export async function changeAccount(changes: ChangeUser): Promise<void> {
  const { user, suspended } = await call('change_user', changes);
  learn(user);
  const before = people.peek();
  if (before) {
    const users = before.users.map((other) => (other.id === user.id ? { ...user, suspended } : other));
    people.value = { ...before, users };
  }
}

/** The invites that hold, the newest first; null until they have come. */
export const invites = signal<InviteInfo[] | null>(null);

export async function loadInvites(): Promise<void> {
  const { invites: all } = await call('list_invites', {});
  invites.value = all.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

export async function makeInvite(uses: number, days: number): Promise<void> {
  const invite = await call('create_invite', { uses, days });
  invites.value = [invite, ...(invites.peek() ?? [])];
}

export async function deleteInvite(id: string): Promise<void> {
  await call('delete_invite', { id });
  invites.value = invites.peek()?.filter((one) => one.id !== id) ?? null;
}

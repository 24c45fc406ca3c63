// SPDX-License-Identifier: MIT
//
// candidates - who may be meant by the beginning of a name: those of the group who are known here first, then those
// whom the server finds.
import { request } from '../../lib/connection';
import { findPeople, learn, myId, nameOf, person } from '../../lib/people';
import type { Group, User } from '../../lib/protocol';
import { keptConversation } from '../state/history';

const MOST = 8;

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

function fits(user: User, part: string): boolean {
  const wanted = fold(part);
  return (
    fold(user.username).startsWith(wanted) ||
    fold(nameOf(user))
      .split(/\s+/)
      .some((word) => word.startsWith(wanted))
  );
}

const members = new Map<string, User[]>();

/** The first members of a group, fetched once a while. */
async function membersOf(groupId: string): Promise<User[]> {
  const known = members.get(groupId);
  if (known) return known;
  const { users } = await request('chat', 'LIST_MEMBERS', { groupId });
  users.forEach(learn);
  members.set(groupId, users);
  setTimeout(() => members.delete(groupId), 60_000);
  return users;
}

/** Those who spoke last, the newest first. */
function speakers(groupId: string): User[] {
  const ids = new Set<string>();
  const messages = [...(keptConversation(groupId)?.messages.values() ?? [])].sort((a, b) => b.seq - a.seq);
  for (const { userId } of messages) ids.add(userId);
  return [...ids].map((id) => person(id)).filter((user) => user !== null);
}

export async function candidates({ id, kind }: Group, part: string): Promise<User[]> {
  const found = new Map<string, User>();
  const take = (users: readonly User[]) => {
    for (const user of users) if (user.id !== myId.peek() && fits(user, part)) found.set(user.id, user);
  };
  take(speakers(id));
  if (found.size < MOST) take(await membersOf(id));
  // A large group has members whom its first page does not name.
  if (found.size < MOST && kind === 'channel' && part !== '') {
    take((await findPeople(part)).found);
  }
  return [...found.values()].slice(0, MOST);
}

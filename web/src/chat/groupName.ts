// SPDX-License-Identifier: MIT
//
// groupName - what a group is called: its name, or who the direct conversation is with.
import { t } from '../i18n/i18n';
import { nameOf, person } from '../lib/people';
import type { Group, User } from '../lib/protocol';
import { tame } from '../lib/tame';
import { peerOf, roomOf } from './state/groups';

/** The other one of a direct conversation; null while unknown, and for other groups. */
export function otherOf(group: Group): User | null {
  const peer = peerOf(group);
  return peer === null ? null : person(peer);
}

export function groupName(group: Group): string {
  if (group.kind === 'direct') return peerOf(group) === null ? t().chat.direct : nameOf(otherOf(group));
  return tame(group.name);
}

/** The same by id; a group that one is not in has no name here. */
export function nameOfGroup(groupId: string): string {
  const room = roomOf(groupId);
  return room ? groupName(room.group) : t().chat.kind.private;
}

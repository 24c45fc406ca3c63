// SPDX-License-Identifier: MIT
//
// members - the members of a group, page by page; anew when somebody comes or goes.
import type { Signal } from '@preact/signals';
import { request } from '../../lib/connection';
import { learn } from '../../lib/people';
import type { User } from '../../lib/protocol';
import { complain } from '../../ui/notices';
import { membersChanged } from '../state/arrivals';

/** Fills `members`, and `more` with what fetches the next page. To be called in an effect; gives what ends it. */
export function membersOf(groupId: string, members: Signal<User[]>, more: Signal<(() => void) | null>): () => void {
  const isOther = membersChanged.value.groupId !== groupId;
  if (isOther && members.peek().length > 0) return () => undefined;
  let isOld = false;
  const fetch = (cursor?: string) => {
    request('chat', 'LIST_MEMBERS', { groupId, ...(cursor !== undefined && { cursor }) }).then(
      ({ users, nextCursor }) => {
        if (isOld) return;
        users.forEach(learn);
        members.value = cursor === undefined ? users : [...members.peek(), ...users];
        more.value = nextCursor === null ? null : () => fetch(nextCursor);
      },
      (error: unknown) => {
        if (!isOld) complain(error);
      },
    );
  };
  fetch();
  return () => {
    isOld = true;
  };
}

// SPDX-License-Identifier: MIT
//
// share - what music asks of conversations.
import { provideSharing } from '../music/sharing';
import { groupName } from './groupName';
import { createGroup } from './state/actions';
import { groupIds, lastGroup, peekRoom } from './state/groups';
import { send } from './state/sender';

provideSharing({
  conversations: () => {
    const ids = [...groupIds.value].sort((a, b) => Number(b === lastGroup.value) - Number(a === lastGroup.value));
    return ids.flatMap((groupId) => {
      const group = peekRoom(groupId)?.group;
      return group ? [{ groupId, name: groupName(group) }] : [];
    });
  },
  send: (groupId, message, tracks) => {
    send({ groupId, message, tracks: [...tracks] });
    return Promise.resolve();
  },
  directWith: async (userId) => (await createGroup({ kind: 'direct', members: [userId] })).id,
});

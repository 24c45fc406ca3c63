// SPDX-License-Identifier: MIT
//
// Home - where nobody has said where to go: the conversation one was in last, or lobby. On small screens the side with
// all conversations is the page, and nothing is here.
import { useEffect } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { isSmall } from '../ui/small';
import { Waiting } from '../ui/Waiting';
import { groupIds, hasGroups, lastGroup } from './state/groups';

function target(): string | null {
  if (isSmall.value || !hasGroups.value) return null;
  const last = lastGroup.value;
  // The first of the snapshot is lobby.
  return (last !== null && groupIds.value.includes(last) ? last : groupIds.value[0]) ?? null;
}

export function Home() {
  const [, go] = useLocation();
  const groupId = target();
  useEffect(() => {
    // The address may be another one already, of which the router has not been told yet.
    const isStillHere = ['', '#', '#/'].includes(location.hash);
    if (groupId !== null && isStillHere) go(`/g/${groupId}`, { replace: true });
  }, [groupId]);
  return isSmall.value ? null : <Waiting />;
}

// SPDX-License-Identifier: MIT
//
// Home - where nobody has said where to go: the conversation one was in last, or lobby. On small screens the side with
// all conversations is the page, and nothing is here.
import { Redirect } from 'wouter-preact';
import { isSmall } from '../ui/small';
import { Waiting } from '../ui/Waiting';
import { groupIds, hasGroups, lastGroup } from './state/groups';

export function Home() {
  if (isSmall.value) return null;
  if (!hasGroups.value) return <Waiting />;
  const last = lastGroup.value;
  // The first of the snapshot is lobby.
  const to = last !== null && groupIds.value.includes(last) ? last : groupIds.value[0];
  return to === undefined ? null : <Redirect to={`/g/${to}`} replace />;
}

// SPDX-License-Identifier: MIT
//
// GroupIcon - the sign of a kind of group.
import { Hash, Lock } from 'lucide-preact';
import type { Group } from '../lib/protocol';
import { Avatar } from '../ui/Avatar';
import { otherOf } from './groupName';

export function GroupIcon({ group }: { group: Group }) {
  if (group.kind === 'direct') return <Avatar user={otherOf(group)} size="s" status />;
  return group.kind === 'channel' ? <Hash size={18} aria-hidden /> : <Lock size={18} aria-hidden />;
}

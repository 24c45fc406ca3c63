// SPDX-License-Identifier: MIT
//
// told - notifications of the browser itself, for those who want them: when something is said where one does not look.
// One tab of a browser shows them, wherever one looks in the others; what is read, here or elsewhere, goes.
import { effect } from '@preact/signals';
import { t } from '../../i18n/i18n';
import { on } from '../../lib/connection';
import { mayShow, subject } from '../../lib/notifications';
import { nameSoon } from '../../lib/people';
import type { Message } from '../../lib/protocol';
import { hold, isHeld } from '../../lib/tabs';
import { isLookedAt } from '../../ui/looked';
import { nameOfGroup } from '../groupName';
import { inLine } from '../messages/inLine';
import { onMessage } from './arrivals';
import { peekRoom, roomOf } from './groups';
import { findMessage } from './history';
import { aboutOf } from './notifications';
import { openGroup } from './reading';

let isTeller = false;
hold('antiphon.teller', 'exclusive', () => (isTeller = true));

/** Held by the tab in which one looks at a conversation. */
const eyesOn = (groupId: string) => `antiphon.eyes.${groupId}`;
effect(() => {
  const groupId = isLookedAt.value ? openGroup.value : null;
  return groupId === null ? undefined : hold(eyesOn(groupId), 'shared');
});

/** Ends the following of what is shown of a group. */
const ends = new Map<string, () => void>();

function show(title: string, { groupId, seq, message }: Message): void {
  ends.get(groupId)?.();
  try {
    // One a group: the newest takes the place of the one before.
    const shown = new Notification(title, { body: inLine(message), tag: groupId, icon: '/icon-192.png' });
    shown.onclick = () => {
      window.focus();
      location.hash = `#/g/${groupId}/${seq}`;
      shown.close();
    };
    const end = effect(() => {
      if ((roomOf(groupId)?.readSeq ?? seq) >= seq) shown.close();
    });
    ends.set(groupId, end);
  } catch {
    // Phones want a service worker for it.
  }
}

type Kind = 'message' | 'mention' | 'direct_message';

async function tell(kind: Kind, message: Message): Promise<void> {
  const { groupId, userId, seq } = message;
  const who = await nameSoon(userId);
  if (await isHeld(eyesOn(groupId))) return;
  if (!isTeller || !mayShow() || (peekRoom(groupId)?.readSeq ?? seq) >= seq) return;
  show(t().chat.notice[kind](who, nameOfGroup(groupId)), message);
}

on('chat', 'NOTIFICATION_RECEIVED', (one) => {
  const { groupId, messageId } = aboutOf(one);
  const { notificationType: kind } = one;
  if (subject.value !== 'mentions' || (kind !== 'mention' && kind !== 'direct_message')) return;
  if (!isTeller || !mayShow() || groupId === undefined || messageId === undefined) return;
  const near = (peekRoom(groupId)?.group.lastSeq ?? 0) + 1;
  findMessage(groupId, messageId, near)
    .then((message) => message && tell(kind, message))
    .catch(() => undefined);
});

onMessage((message) => {
  if (subject.value !== 'all') return;
  const isDirect = peekRoom(message.groupId)?.group.kind === 'direct';
  void tell(isDirect ? 'direct_message' : 'message', message);
});

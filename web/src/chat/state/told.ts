// SPDX-License-Identifier: MIT
//
// told - notifications of the browser itself, for those who want them: when something is said and one does not look.
import { t } from '../../i18n/i18n';
import { on } from '../../lib/connection';
import { mayShow, subject } from '../../lib/notifications';
import { nameOf, person } from '../../lib/people';
import { onMessage } from './arrivals';
import { peekRoom } from './groups';
import { aboutOf } from './notifications';

const isLookedAt = () => document.visibilityState === 'visible' && document.hasFocus();

function show(text: string, groupId: string): void {
  if (!mayShow() || isLookedAt()) return;
  try {
    // One a group: the newest takes the place of the one before.
    const shown = new Notification('Antiphon', { body: text, tag: groupId, icon: '/icon-192.png' });
    shown.onclick = () => {
      window.focus();
      location.hash = `#/g/${groupId}`;
      shown.close();
    };
  } catch {
    // Phones want a service worker for it.
  }
}

on('chat', 'NOTIFICATION_RECEIVED', (one) => {
  const { groupId, fromUserId } = aboutOf(one);
  const { notificationType: type } = one;
  if (subject.value !== 'mentions' || groupId === undefined || fromUserId === undefined) return;
  const who = nameOf(person(fromUserId));
  if (type === 'mention') show(t().chat.notice.mention(who, peekRoom(groupId)?.group.name ?? ''), groupId);
  else if (type === 'direct_message') show(t().chat.notice.direct_message(who), groupId);
});

onMessage(({ groupId, userId }) => {
  if (subject.value !== 'all') return;
  const group = peekRoom(groupId)?.group;
  const who = nameOf(person(userId));
  show(
    group?.kind === 'direct' ? t().chat.notice.direct_message(who) : t().chat.notice.message(who, group?.name ?? ''),
    groupId,
  );
});

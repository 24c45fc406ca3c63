// SPDX-License-Identifier: MIT
//
// told - notifications of the browser itself, for those who have allowed them: when one is called and does not look.
import { signal } from '@preact/signals';
import { t } from '../../i18n/i18n';
import { on } from '../../lib/connection';
import { nameOf, person } from '../../lib/people';
import { peekRoom } from './groups';
import { aboutOf } from './notifications';

/** What the browser says of it; `none` where it cannot. */
export const permission = signal<NotificationPermission | 'none'>(
  'Notification' in globalThis ? Notification.permission : 'none',
);

/** Asks; only ever by a click. */
export async function askPermission(): Promise<void> {
  permission.value = await Notification.requestPermission();
}

on('chat', 'NOTIFICATION_RECEIVED', (one) => {
  const { groupId, fromUserId } = aboutOf(one);
  const isCall = one.notificationType === 'mention' || one.notificationType === 'direct_message';
  if (permission.peek() !== 'granted' || !isCall || groupId === undefined || fromUserId === undefined) return;
  if (document.visibilityState === 'visible' && document.hasFocus()) return;
  const who = nameOf(person(fromUserId));
  const where = peekRoom(groupId)?.group.name ?? '';
  const text =
    one.notificationType === 'mention' ? t().chat.notice.mention(who, where) : t().chat.notice.direct_message(who);
  try {
    const shown = new Notification('Antiphon', { body: text, tag: groupId, icon: '/icon-192.png' });
    shown.onclick = () => {
      window.focus();
      location.hash = `#/g/${groupId}`;
      shown.close();
    };
  } catch {
    // Phones want a service worker for it.
  }
});

// SPDX-License-Identifier: MIT
//
// told - notifications of the browser itself, for those who want them: when something is said where one does not look.
// One tab of a browser has the service worker show them, wherever one looks in the others; what is read, here or
// elsewhere, goes. The worker knows what a click on them leads to.
import { computed, effect, untracked } from '@preact/signals';
import { t } from '../../i18n/i18n';
import { on } from '../../lib/connection';
import { mayShow, subject } from '../../lib/notifications';
import { nameSoon } from '../../lib/people';
import type { Message } from '../../lib/protocol';
import { hold, isHeld } from '../../lib/tabs';
import type { Told } from '../../lib/told.format';
import { isLookedAt } from '../../ui/looked';
import { nameOfGroup } from '../groupName';
import { inLine } from '../messages/inLine';
import { onMessage } from './arrivals';
import { peekRoom, roomOf } from './groups';
import { findMessage } from './history';
import { aboutOf } from './notifications';
import { openGroup } from './reading';

/** Null where there are no service workers, as in development; phones show nothing without one. */
const worker = () => (typeof navigator === 'undefined' ? undefined : navigator.serviceWorker)?.ready ?? null;

async function shown(ofGroup: GetNotificationOptions = {}): Promise<Notification[]> {
  return (await (await worker())?.getNotifications(ofGroup)) ?? [];
}

const seqOf = ({ data }: Notification) => (data as Told).seq;

const followed = new Set<string>();

/** What is shown of a group goes when it has been read. */
function follow(groupId: string): void {
  if (followed.has(groupId)) return;
  followed.add(groupId);
  const readSeq = computed(() => roomOf(groupId)?.readSeq ?? 0);
  effect(() => {
    const upTo = readSeq.value;
    untracked(() => {
      void shown({ tag: groupId }).then((all) => all.filter((one) => seqOf(one) <= upTo).forEach((one) => one.close()));
    });
  });
}

let isTeller = false;
hold('antiphon.teller', 'exclusive', () => {
  isTeller = true;
  void shown().then((all) => all.forEach(({ tag }) => follow(tag))); // which another tab had shown
});

/** Held by the tab in which one looks at a conversation. */
const eyesOn = (groupId: string) => `antiphon.eyes.${groupId}`;
effect(() => {
  const groupId = isLookedAt.value ? openGroup.value : null;
  return groupId === null ? undefined : hold(eyesOn(groupId), 'shared');
});

async function show(title: string, { groupId, seq, message }: Message): Promise<void> {
  const data: Told = { groupId, seq };
  // One a group: the newest takes the place of the one before.
  await (await worker())?.showNotification(title, { body: inLine(message), tag: groupId, icon: '/icon-192.png', data });
  follow(groupId);
}

type Kind = 'message' | 'mention' | 'direct_message';

async function tell(kind: Kind, message: Message): Promise<void> {
  const { groupId, userId, seq } = message;
  const who = await nameSoon(userId);
  if (await isHeld(eyesOn(groupId))) return;
  if (!isTeller || !mayShow() || (peekRoom(groupId)?.readSeq ?? seq) >= seq) return;
  await show(t().chat.notice[kind](who, nameOfGroup(groupId)), message);
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

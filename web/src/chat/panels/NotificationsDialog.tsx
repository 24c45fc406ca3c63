// SPDX-License-Identifier: MIT
//
// NotificationsDialog - what concerns oneself and is unread; each leads to where it comes from.
import { useSignal } from '@preact/signals';
import { Check } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { moment, t } from '../../i18n/i18n';
import { request } from '../../lib/connection';
import { allow, mayShow, permission } from '../../lib/notifications';
import { nameOf, person } from '../../lib/people';
import type { Notification } from '../../lib/protocol';
import { Avatar } from '../../ui/Avatar';
import { Button, IconButton } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { complain } from '../../ui/notices';
import { nameOfGroup } from '../groupName';
import { peekRoom } from '../state/groups';
import { findMessage } from '../state/history';
import { type About, aboutOf, notifications, readNotification } from '../state/notifications';
import css from './NotificationsDialog.module.css';

const whoOf = ({ fromUserId, addedBy }: About) => fromUserId ?? addedBy ?? null;

function sentence({ notificationType: type }: Notification, about: About): string {
  const id = whoOf(about);
  const who = id === null ? t().chat.somebody : nameOf(person(id));
  const where = about.groupId === undefined ? '' : nameOfGroup(about.groupId);
  const { notice } = t().chat;
  switch (type) {
    case 'mention':
      return notice.mention(who, where);
    case 'direct_message':
      return notice.direct_message(who);
    case 'group_added':
      return notice.group_added(who, where);
    case 'comment':
      return notice.comment(who);
    case 'rating':
      return notice.rating(who, about.value ?? 0);
    case 'security':
      return notice.security;
  }
}

/** The location of what it is about. */
async function placeOf({ groupId, messageId, trackId }: About): Promise<string> {
  if (trackId !== undefined) return `/music/t/${trackId}`;
  if (groupId === undefined) return '/settings/account';
  const near = peekRoom(groupId)?.group.lastSeq ?? 0;
  const message = messageId === undefined ? null : await findMessage(groupId, messageId, near).catch(() => null);
  return message ? `/g/${groupId}/${message.seq}` : `/g/${groupId}`;
}

function Line({ one, onGo }: { one: Notification; onGo: (to: string) => void }) {
  const about = aboutOf(one);
  const who = whoOf(about);
  const read = () => readNotification(one.notificationId).catch(complain);
  const open = async () => {
    onGo(await placeOf(about));
    await read();
  };
  return (
    <li class={css.one}>
      <button type="button" class={css.open} onClick={() => void open()}>
        <Avatar user={who === null ? null : person(who)} size="s" />
        <span class="lines">
          <bdi>{sentence(one, about)}</bdi>
          <time class="soft" dateTime={one.timestamp}>
            {moment(one.timestamp)}
          </time>
        </span>
      </button>
      <IconButton label={t().chat.markRead} onClick={() => void read()}>
        <Check size={17} aria-hidden />
      </IconButton>
    </li>
  );
}

export function NotificationsDialog({ onClose }: { onClose: () => void }) {
  const [, go] = useLocation();
  const cursor = useSignal<string | null>(null);
  const fetch = async (from: string | null) => {
    const answer = await request('chat', 'LIST_NOTIFICATIONS', from === null ? {} : { cursor: from });
    const before = from === null ? [] : notifications.peek();
    notifications.value = [...before, ...answer.notifications];
    cursor.value = answer.nextCursor;
  };
  useEffect(() => void fetch(null).catch(complain), []);
  const list = notifications.value;
  return (
    <Dialog title={t().chat.notifications} onClose={onClose}>
      {list.length === 0 ? (
        <p class="soft">{t().chat.noNotifications}</p>
      ) : (
        <ul class={css.list}>
          {list.map((one) => (
            <Line
              key={one.notificationId}
              one={one}
              onGo={(to) => {
                onClose();
                go(to);
              }}
            />
          ))}
        </ul>
      )}
      <div class={css.foot}>
        {cursor.value !== null && (
          <Button onClick={() => void fetch(cursor.value).catch(complain)}>{t().chat.more}</Button>
        )}
        {list.length > 0 && (
          <Button onClick={() => void readNotification('all').catch(complain)}>{t().chat.readAll}</Button>
        )}
        {!mayShow() && (permission.value === 'default' || permission.value === 'granted') && (
          <Button onClick={() => void allow(true)}>{t().chat.askBrowser}</Button>
        )}
        {permission.value === 'denied' && <p class="soft">{t().chat.browserDenied}</p>}
      </div>
    </Dialog>
  );
}

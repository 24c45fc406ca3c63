// SPDX-License-Identifier: MIT
//
// notifications - what concerns oneself and has not been read, the newest first; of which group it speaks.
import { computed, signal } from '@preact/signals';
import { request } from '../../lib/connection';
import type { Notification } from '../../lib/protocol';

export const notifications = signal<readonly Notification[]>([]);

/** The fields that the data of a notification may have. */
export interface About {
  groupId?: string;
  messageId?: string;
  fromUserId?: string;
  addedBy?: string;
  trackId?: string;
  commentId?: string;
  value?: number;
  what?: string;
}

/** The data of a notification: only texts and numbers are believed. */
export function aboutOf({ data }: Notification): About {
  if (typeof data !== 'object' || data === null) return {};
  const fit = Object.entries(data).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return Object.fromEntries(fit);
}

const isCalling = ({ notificationType }: Notification) =>
  notificationType === 'mention' || notificationType === 'direct_message';

/** How often one is called in each group. */
export const calls = computed(() => {
  const counts = new Map<string, number>();
  for (const one of notifications.value) {
    const { groupId } = aboutOf(one);
    if (groupId !== undefined && isCalling(one)) counts.set(groupId, (counts.get(groupId) ?? 0) + 1);
  }
  return counts;
});

export function takeNotification(one: Notification): void {
  const others = notifications.peek().filter(({ notificationId }) => notificationId !== one.notificationId);
  notifications.value = [one, ...others];
}

/** Takes away one, or all. */
export function dropNotification(id: string): void {
  notifications.value = id === 'all' ? [] : notifications.peek().filter(({ notificationId }) => notificationId !== id);
}

/** Marks one, or `all`, as read, here and on the server. */
export async function readNotification(id: string): Promise<void> {
  dropNotification(id);
  await request('chat', 'NOTIFICATION_READ', { notificationId: id });
}

/** What calls one into a group has been seen: the group is read. */
export function readCalls(groupId: string): void {
  for (const one of notifications.peek()) {
    // What could not be told to the server comes again with the next snapshot.
    if (isCalling(one) && aboutOf(one).groupId === groupId) readNotification(one.notificationId).catch(() => undefined);
  }
}

// SPDX-License-Identifier: MIT
//
// notifications - what one wants to be told of, and whether by this browser when the page is not looked at.
import { signal } from '@preact/signals';
import { oneOf, setting } from './settings';
import { stored } from './stored';

/** Every message; mentions, direct messages and what concerns one's tracks; nothing. */
export const SUBJECTS = ['all', 'mentions', 'nothing'] as const;

export const subject = setting<(typeof SUBJECTS)[number]>('notifications', 'mentions', oneOf(...SUBJECTS));

/** Whether this browser is to show them: each browser is asked for itself. */
const isWanted = stored('antiphon.desktop', false);

const permissionNow = () => (typeof Notification === 'undefined' ? 'unsupported' : Notification.permission);

/** What the browser says; `unsupported` where it has no notifications (as on plain HTTP). */
export const permission = signal<NotificationPermission | 'unsupported'>(permissionNow());

/** True when a notification may be shown outside of the page. */
export function mayShow(): boolean {
  return isWanted.value && permission.value === 'granted';
}

/** Turns them on, asking the browser where it must be asked, or off. */
export async function allow(on: boolean): Promise<void> {
  if (on && permission.peek() === 'default') permission.value = await Notification.requestPermission();
  isWanted.value = on && permission.peek() === 'granted';
}

// SPDX-License-Identifier: MIT
//
// account - one's sessions, password, profile and picture, on the server.
import { signal } from '@preact/signals';
import { request } from '../lib/connection';
import { call } from '../lib/http';
import { learn } from '../lib/people';
import type { SessionInfo, UserUpdate } from '../lib/protocol';
import { upload } from '../lib/upload';

/** Null until they have come. The one in use stands first, then the last used. */
export const sessions = signal<SessionInfo[] | null>(null);

export async function loadSessions(): Promise<void> {
  const { sessions: all } = await call('list_sessions', {});
  sessions.value = all.sort((a, b) => Number(b.current) - Number(a.current) || b.usedAt.localeCompare(a.usedAt));
}

export async function endSession(id: string): Promise<void> {
  await call('end_session', { id });
  sessions.value = sessions.peek()?.filter((one) => one.id !== id) ?? null;
}

export async function changePassword(current: string, next: string): Promise<void> {
  await call('change_password', { current, new: next });
}

export async function changeProfile(changes: UserUpdate): Promise<void> {
  learn((await request('music', 'USER_UPDATE', changes)).user);
}

/** Sends a picture and takes it as one's own. */
export async function changePicture(picture: Blob): Promise<void> {
  const avatarUploadId = await upload({ file: picture, name: 'picture', purpose: 'avatar' }).done;
  await changeProfile({ avatarUploadId });
}

// The order matters: most call themselves by older names too.
const browsers = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;
const systems = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux|X11/, 'Linux'],
] as const;

/** "Firefox, Linux" for what a browser calls itself; other programs by their first word. */
export function deviceOf(about: string): string {
  const nameIn = (list: typeof browsers | typeof systems) => list.find(([pattern]) => pattern.test(about))?.[1];
  const browser = nameIn(browsers);
  if (browser === undefined) return about.split(/[\s/(]/, 1)[0] ?? '';
  return [browser, nameIn(systems)].filter(Boolean).join(', ');
}

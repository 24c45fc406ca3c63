// SPDX-License-Identifier: MIT
//
// listening - what one listens to as one's status, for those who want that: put there while it plays, and taken away
// again for what stood there before.
import { effect } from '@preact/signals';
import { changeStatus, me } from '../lib/people';
import { MAX_USER_STATUS_CHANGED_STATUS_TEXT as MOST, type Track } from '../lib/protocol';
import { isBoolean, setting } from '../lib/settings';
import { stored } from '../lib/stored';
import { isPlaying, playing } from './state';

const CALM = 1500; // milliseconds: who skips through tracks tells nobody of each

/** Whether others may see it; kept on the server. */
export const isListeningShown = setting('listening', false, isBoolean);

/** What stood there before, while ours does; in the browser, so that a reload does not leave ours standing. */
const before = stored<string | null>('antiphon.statusBefore', null);

/** `♫ title – artist`, as much of it as fits. */
export function textOf({ title, artist }: Pick<Track, 'title' | 'artist'>): string {
  const text = Array.from(artist === '' ? `♫ ${title}` : `♫ ${title} – ${artist}`);
  return text.length <= MOST ? text.join('') : `${text.slice(0, MOST - 1).join('')}…`;
}

async function put(statusText: string): Promise<void> {
  const user = me.peek();
  if (!user || user.statusText === statusText) return;
  await changeStatus(user.status, statusText);
}

async function show(text: string | null): Promise<void> {
  const user = me.peek();
  if (!user || user.status === 'offline') return;
  if (text !== null) {
    if (before.peek() === null) before.value = user.statusText;
    await put(text);
  } else if (before.peek() !== null) {
    const was = before.peek() ?? '';
    before.value = null;
    // One has written something else meanwhile: that stays.
    if (user.statusText.startsWith('♫')) await put(was);
  }
}

export function followListening(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = effect(() => {
    const isKnown = me.value !== null;
    const track = isListeningShown.value && isPlaying.value ? playing.value : null;
    const text = track ? textOf(track) : null;
    clearTimeout(timer);
    if (isKnown) timer = setTimeout(() => void show(text).catch(() => undefined), CALM);
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}

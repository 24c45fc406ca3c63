// SPDX-License-Identifier: MIT
//
// shortcuts - keys that move the player from anywhere but where one types. They can be turned off, since a single key
// may mean something else to assistive technology.
import { stored } from '../lib/stored';
import { isMuted, next, playing, position, previous, seek, toggle } from './state';

export const hasShortcuts = stored('antiphon.shortcuts', true);

const STEP = 10_000; // milliseconds

/** The keys, in the order in which the help names them. */
export const shortcuts = {
  k: toggle,
  j: () => seek(position.peek() - STEP),
  l: () => seek(position.peek() + STEP),
  N: next,
  P: previous,
  m: () => void (isMuted.value = !isMuted.peek()),
} as const;

const TYPES = 'input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]';

/** What a key does here and now; null when that is none of ours. */
export function actionOf(e: KeyboardEvent): (() => void) | null {
  if (!hasShortcuts.peek() || !playing.peek() || e.ctrlKey || e.altKey || e.metaKey || e.defaultPrevented) return null;
  if (!Object.hasOwn(shortcuts, e.key)) return null;
  if (e.target instanceof Element && e.target.closest(TYPES)) return null;
  return shortcuts[e.key as keyof typeof shortcuts];
}

function take(e: KeyboardEvent): void {
  const action = actionOf(e);
  if (!action) return;
  e.preventDefault();
  action();
}

export function followKeys(): () => void {
  document.addEventListener('keydown', take);
  return () => document.removeEventListener('keydown', take);
}

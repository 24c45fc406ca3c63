// SPDX-License-Identifier: MIT
//
// title - what the browser's tab says: how much is unread, the page, the application.
import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const SOON = 100; // milliseconds

const page = signal('');

/** How many messages wait to be read; shown before the title. */
export const waiting = signal(0);

const title = computed(() => {
  const count = waiting.value > 0 ? `(${waiting.value}) ` : '';
  return page.value === '' ? `${count}Antiphon` : `${count}${page.value} · Antiphon`;
});

// A moment later, so that what comes and is read at once does not make it flicker.
let timer: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  if (typeof document === 'undefined' || title.value === document.title) return;
  timer ??= setTimeout(() => {
    timer = undefined;
    document.title = title.peek();
  }, SOON);
});

/** Names the page while the component is shown. */
export function useTitle(text: string): void {
  useEffect(() => {
    page.value = text;
  }, [text]);
}

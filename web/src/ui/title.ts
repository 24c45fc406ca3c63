// SPDX-License-Identifier: MIT
//
// title - what the browser's tab says: how much is unread, the page, the application.
import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const page = signal('');

/** How many messages wait to be read; shown before the title. */
export const waiting = signal(0);

if (typeof document !== 'undefined') {
  effect(() => {
    const count = waiting.value > 0 ? `(${waiting.value}) ` : '';
    document.title = page.value === '' ? `${count}Antiphon` : `${count}${page.value} · Antiphon`;
  });
}

/** Names the page while the component is shown. */
export function useTitle(text: string): void {
  useEffect(() => {
    page.value = text;
  }, [text]);
}

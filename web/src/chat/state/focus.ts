// SPDX-License-Identifier: MIT
//
// focus - what one does in the open conversation: which message has the focus, is edited, is answered, is looked for.
import { signal } from '@preact/signals';
import type { Message } from '../../lib/protocol';

/** The row that has the keyboard's focus or the pointer: its seq. */
export const active = signal<number | null>(null);

/** The message that is being edited: its id. */
export const editing = signal<string | null>(null);

/** The message that is being answered: its id. */
export const answering = signal<string | null>(null);

/** What was sent last from this page: an object of its own each time. */
export const lastSent = signal<{ readonly groupId: string } | null>(null);

/** What a dialog is open for. */
export const asked = signal<{ what: 'delete' | 'react'; message: Message } | null>(null);

/** Puts the focus into the composer; set by it. */
export const composer: { focus: () => void } = { focus: () => undefined };

/** Begins anew with another conversation. */
export function resetFocus(): void {
  active.value = null;
  editing.value = null;
  answering.value = null;
  asked.value = null;
}

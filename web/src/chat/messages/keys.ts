// SPDX-License-Identifier: MIT
//
// keys - moves among messages by the keyboard: arrows, Page Up and Down, Home and End; Escape leads to the composer.
import type { VirtualList } from '../../ui/virtual';
import { active, composer } from '../state/focus';

const PAGE = 10; // messages

const steps: Record<string, number> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -PAGE,
  PageDown: PAGE,
  Home: -Infinity,
  End: Infinity,
};

const TRIES = 30; // frames in which a row that was scrolled to may appear

function focusRow(frame: Element, seq: number, tries = TRIES): void {
  const row = frame.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(frame, seq, tries - 1));
}

/** Gives the focus to a message; `first` is the seq of the list's first row. */
export function goTo(list: VirtualList, seq: number, first: number): void {
  active.value = seq;
  const isInSight = list.range && seq - first > list.range.startIndex && seq - first < list.range.endIndex;
  list.scrollToIndex(seq - first, { align: isInSight ? 'auto' : 'center' });
  if (list.scrollElement) focusRow(list.scrollElement, seq);
}

export function keysOf(e: KeyboardEvent, lastSeq: number, jump: (seq: number) => void): void {
  const { target } = e;
  if (!(target instanceof HTMLElement) || target.matches('textarea, input, audio')) return;
  if (e.key === 'Escape') {
    e.preventDefault();
    composer.focus();
    return;
  }
  const step = steps[e.key];
  const row = target.closest<HTMLElement>('[data-seq]');
  if (step === undefined || !row || e.ctrlKey || e.altKey || e.metaKey) return;
  e.preventDefault();
  jump(Math.min(lastSeq, Math.max(1, Number(row.dataset.seq) + step)));
}

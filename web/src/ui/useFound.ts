// SPDX-License-Identifier: MIT
//
// useFound - what the server finds for what one types: asked a moment after the last letter, page by page. Answers to
// what is no longer wanted are dropped.
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { complain } from './notices';

const CALM = 200; // milliseconds after the last letter

/** Where a page begins, as payloads have it; empty: at the beginning. */
export interface From {
  cursor?: string;
}

export interface Page<T> {
  found: readonly T[];
  nextCursor: string | null;
}

export interface Found<T> {
  /** Null until it has come, and while nothing is wanted. */
  list: readonly T[] | null;
  /** Loads the next page; null when all is there. */
  more: (() => void) | null;
}

/** Follows what is wanted; null: nothing. */
export function useFound<W, T>(
  wanted: ReadonlySignal<W | null>,
  find: (wanted: W, from: From) => Promise<Page<T>>,
  refused: (error: unknown) => void = complain,
): Found<T> {
  const pages = useSignal<Page<T> | null>(null);
  const isTyping = useRef(false); // what is wanted at first was not typed, and need not wait

  const load = (asked: W, before: readonly T[], from: From) => {
    find(asked, from).then(({ found, nextCursor }) => {
      if (wanted.peek() === asked) pages.value = { found: [...before, ...found], nextCursor };
    }, refused);
  };

  useSignalEffect(() => {
    const asked = wanted.value;
    const pause = isTyping.current ? CALM : 0;
    isTyping.current = true;
    if (asked === null) {
      pages.value = null;
      return;
    }
    const timer = setTimeout(() => load(asked, [], {}), pause);
    return () => clearTimeout(timer);
  });

  const { found: list, nextCursor } = pages.value ?? { found: null, nextCursor: null };
  if (list === null || nextCursor === null) return { list, more: null };
  return {
    list,
    more: () => {
      const asked = wanted.peek();
      if (asked !== null) load(asked, list, { cursor: nextCursor });
    },
  };
}

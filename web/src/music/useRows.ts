// SPDX-License-Identifier: MIT
//
// useRows - which rows of a long list are in sight; the others are not in the page.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface Rows {
  count: number;
  /** The height of a row, pixels. */
  height: number;
  /** What scrolls. */
  frame: RefObject<HTMLElement>;
  /** Where it stands at first. */
  offset: number;
  /** What stays above the rows while they scroll, pixels. */
  head: number;
}

export function useRows({ count, height, frame, offset, head }: Rows): Virtualizer<HTMLElement, Element> {
  const [, again] = useState(0);
  const kept = useRef<Virtualizer<HTMLElement, Element> | null>(null);
  const options = {
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: 6,
    initialOffset: offset,
    scrollMargin: head,
    scrollPaddingStart: head,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => again((n) => n + 1),
  };
  kept.current ??= new Virtualizer<HTMLElement, Element>(options);
  const virtual = kept.current;
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useLayoutEffect(() => virtual.measure(), [height]);
  return virtual;
}

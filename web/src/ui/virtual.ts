// SPDX-License-Identifier: MIT
//
// virtual - a list of which only the rows in sight are on the page (TanStack's virtual-core, as a hook).
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

type Options = Pick<VirtualizerOptions<HTMLElement, HTMLElement>, 'count' | 'getScrollElement' | 'estimateSize'> &
  Partial<VirtualizerOptions<HTMLElement, HTMLElement>>;

export type VirtualList = Virtualizer<HTMLElement, HTMLElement>;

export function useVirtual(options: Options): VirtualList {
  const [, render] = useReducer((n: number) => n + 1, 0);
  const all = {
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    ...options,
    onChange: (list: VirtualList, isSync: boolean) => {
      render(undefined);
      options.onChange?.(list, isSync);
    },
  };
  const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(all));
  list.setOptions(all);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  return list;
}

// SPDX-License-Identifier: MIT
//
// useCompletion - follows what is being written, offers what it may become, and takes the keys meanwhile.
import { effect, untracked, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Group } from '../../lib/protocol';
import { findEmoji } from '../text/emoji';
import { candidates } from './candidates';
import { type Begun, begunAt } from './complete';
import { type Option, optionOfEmoji, optionOfUser } from './Completion';

const MOST = 8;

export function useCompletion(group: Group, onChoose: (begun: Begun, option: Option) => void) {
  const begun = useSignal<Begun | null>(null);
  const options = useSignal<readonly Option[]>([]);
  const chosen = useSignal(0);
  const round = useRef(0);

  useEffect(
    () =>
      effect(() => {
        const now = begun.value;
        const mine = ++round.current;
        chosen.value = 0;
        if (now?.kind === 'emoji') options.value = findEmoji(now.part, MOST).map(optionOfEmoji);
        else options.value = [];
        if (now?.kind !== 'mention') return;
        untracked(() => {
          candidates(group, now.part).then(
            (users) => {
              if (mine === round.current) options.value = users.map(optionOfUser);
            },
            () => undefined,
          );
        });
      }),
    [group.id],
  );

  const choose = (option: Option | undefined) => {
    if (begun.value && option) onChoose(begun.value, option);
    begun.value = null;
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => (chosen.value = (chosen.value + 1) % options.value.length),
    ArrowUp: () => (chosen.value = (chosen.value + options.value.length - 1) % options.value.length),
    Enter: () => choose(options.value[chosen.value]),
    Tab: () => choose(options.value[chosen.value]),
    Escape: () => (begun.value = null),
  };
  return {
    options,
    chosen,
    choose,
    /** What stands in the text area has changed, or the cursor has moved. */
    look: (area: HTMLTextAreaElement) => {
      const next = begunAt(area.value, area.selectionStart);
      const before = begun.peek();
      if (next?.from !== before?.from || next?.part !== before?.part) begun.value = next;
    },
    close: () => (begun.value = null),
    /** True when the key was for the list. */
    take: (e: KeyboardEvent) => {
      const act = options.value.length > 0 && begun.value ? keys[e.key] : undefined;
      if (!act || e.shiftKey) return false;
      e.preventDefault();
      act();
      return true;
    },
  };
}

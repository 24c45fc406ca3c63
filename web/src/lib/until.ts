// SPDX-License-Identifier: MIT
//
// until - waits for a signal to say yes, but not for ever.
import type { ReadonlySignal } from '@preact/signals';

/** Resolves when it does; false when that has taken so many milliseconds. */
export function until(is: ReadonlySignal<boolean>, patience: number): Promise<boolean> {
  if (is.peek()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(false), patience);
    const stop = is.subscribe((now) => {
      if (now) queueMicrotask(() => done(true));
    });
    function done(inTime: boolean) {
      clearTimeout(timer);
      stop();
      resolve(inTime);
    }
  });
}

// SPDX-License-Identifier: MIT
//
// useDoing - what a button asks the server for: once at a time, and heard of when it is refused.
import { useSignal } from '@preact/signals';
import { complain } from './notices';

type Do = (what: () => Promise<unknown>) => Promise<void>;

/** Whether something is under way, and what begins it. `refused` is told why it was not done. */
export function useDoing(refused: (error: unknown) => void = complain): [boolean, Do] {
  const isBusy = useSignal(false);
  const run: Do = async (what) => {
    isBusy.value = true;
    try {
      await what();
    } catch (error) {
      refused(error);
    }
    isBusy.value = false;
  };
  return [isBusy.value, run];
}

// SPDX-License-Identifier: MIT
//
// tabs - what the tabs of one browser know of each other, by locks that they hold as long as something is so. A tab
// that goes, or breaks, lets go of its locks. By plain HTTP there are none: nobody holds any.
const locks = () => (typeof navigator === 'undefined' ? undefined : (navigator as { locks?: LockManager }).locks);

/** Holds it from when it can be had, which `held` is told; returns what lets go. */
export function hold(name: string, mode: LockMode, held: () => void = () => undefined): () => void {
  const end = new AbortController();
  const { signal } = end;
  const taken = () => {
    if (signal.aborted) return undefined; // let go of when it was on its way
    held();
    return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  };
  locks()
    ?.request(name, { mode, signal }, taken)
    .catch(() => undefined); // let go of before it was had
  return () => end.abort();
}

/** Whether a tab holds it, this one or another. */
export async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = (await locks()?.query()) ?? {};
  return held.some((lock) => lock.name === name);
}

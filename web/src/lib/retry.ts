// SPDX-License-Identifier: MIT
//
// retry - the one policy for requests that must not be lost: which refusals pass, and how long to wait before asking again.
import { Refused } from './refused';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/** Whether the same request may succeed later: the server cannot be reached, is busy, or has had enough for now. */
export function isTransient(error: unknown): boolean {
  return error instanceof Refused && (error.code === 'unavailable' || error.code === 'rate_limited');
}

/** How long to wait after failure number `failures` (from 1 on): as the server says, else longer each time. */
export function retryDelayMs(error: unknown, failures: number): number {
  const asked = error instanceof Refused ? error.retryAfterMs : null;
  const backoff = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS);
  // Up to a quarter more, so that many pages do not come back at the same moment.
  return (asked ?? backoff) * (1 + Math.random() / 4);
}

/**
 * Calls `attempt` until it succeeds. Rejects with the refusal when that is permanent, or when `isWanted` says no.
 */
export async function persist<T>(attempt: () => Promise<T>, isWanted: () => boolean = () => true): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || !isWanted()) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(error, failures)));
      if (!isWanted()) throw error;
    }
  }
}

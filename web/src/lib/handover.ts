// SPDX-License-Identifier: MIT
//
// handover - gives what waits to be sent to the service worker, which sends it when the network comes back even if the
// page has been closed by then. Where the browser cannot do that, the page sends it when it is opened next.
import { HANDOVER } from './handover.format';
import { bearer } from './http';
import type { MessageSent } from './protocol';

interface WithSync {
  sync?: { register: (tag: string) => Promise<void> };
}

/** Replaces what was handed over before. */
export async function handOver(messages: MessageSent[]): Promise<void> {
  if (bearer.token === null || !('serviceWorker' in navigator)) return;
  const worker = (await navigator.serviceWorker.getRegistration()) as WithSync | undefined;
  if (!worker?.sync) return;
  const cache = await caches.open(HANDOVER);
  await cache.put('/', Response.json({ token: bearer.token, messages }));
  await worker.sync.register(HANDOVER);
}

/** The page sends by itself again, or nobody is signed in any more. */
export async function takeBack(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(HANDOVER);
}

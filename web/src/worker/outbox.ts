// SPDX-License-Identifier: MIT
//
// outbox - sends what the page has handed over (lib/handover.ts) when the network is back and the page may be gone:
// a short session of Socket.IO by polling. Each message has its clientId, so what the page sends as well is stored once.
import { HANDOVER, type Handover } from '../lib/handover.format';

const POLL = '/socket.io/?EIO=4&transport=polling';
const BETWEEN_PACKETS = '\x1e';

/** Sends one packet. */
async function post(address: string, packet: string): Promise<void> {
  const answer = await fetch(address, { method: 'POST', body: packet, headers: { 'Content-Type': 'text/plain' } });
  if (!answer.ok) throw new Error('The session has ended.');
}

/** Reads until a packet that begins so; returns what stands behind that beginning. A namespace's refusal ends it. */
async function wait(address: string, beginning: string): Promise<string> {
  for (;;) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error('The session has ended.');
    for (const packet of (await answer.text()).split(BETWEEN_PACKETS)) {
      if (packet.startsWith(beginning)) return packet.slice(beginning.length);
      if (packet === '2') await post(address, '3');
      if (packet.startsWith('44/chat,')) throw new Error('The session has ended.');
    }
  }
}

async function send({ token, messages }: Handover): Promise<void> {
  const { sid } = JSON.parse(await wait(POLL, '0')) as { sid: string };
  const address = `${POLL}&sid=${encodeURIComponent(sid)}`;
  await post(address, `40/chat,${JSON.stringify({ token })}`);
  await wait(address, '40/chat,');
  for (const [i, message] of messages.entries()) {
    await post(address, `42/chat,${i}${JSON.stringify(['MESSAGE_SENT', message])}`);
    // A refusal is for the page to show: it asks again when it is opened.
    await wait(address, `43/chat,${i}`);
  }
  await post(address, '1');
}

/** Rejects when it did not work, so that the browser tries again later. */
export async function sendHandedOver(): Promise<void> {
  const cache = await caches.open(HANDOVER);
  const kept = await cache.match('/');
  if (!kept) return;
  await send((await kept.json()) as Handover);
  await caches.delete(HANDOVER);
}

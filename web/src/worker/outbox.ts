// SPDX-License-Identifier: MIT
//
// outbox - sends what the page has handed over (lib/handover.ts) when the network is back and the page may be gone. Each
// message has its clientId, so what the page sends as well is stored once.
import { io, type Socket } from 'socket.io-client';
import { HANDOVER, type Handover } from '../lib/handover.format';

const PATIENCE = 20_000; // for each acknowledgement, milliseconds

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}

/** Rejects when it did not work, so that the browser tries again later. */
export async function sendHandedOver(): Promise<void> {
  const cache = await caches.open(HANDOVER);
  const kept = await cache.match('/');
  if (!kept) return;
  const { token, messages } = (await kept.json()) as Handover;
  const chat = io('/chat', { auth: { token }, transports: ['websocket'], reconnection: false });
  try {
    await connected(chat);
    // A refusal is for the page to show: it asks again when it is opened.
    for (const message of messages) await chat.timeout(PATIENCE).emitWithAck('MESSAGE_SENT', message);
  } finally {
    chat.disconnect();
  }
  await caches.delete(HANDOVER);
}

// SPDX-License-Identifier: MIT
//
// service-worker - keeps the application's files, so that it opens without the server, sends what the page could not, and
// leads from a notification to its message.
// Nothing of /api, nothing of /socket.io and no media is kept or even looked at.
import { HANDOVER } from '../lib/handover.format';
import type { Told } from '../lib/told.format';
import { sendHandedOver } from './outbox';

declare const self: ServiceWorkerGlobalScope;
/** Every built file; put in by vite.config.ts. */
declare const SHELL: readonly string[];
/** Differs when any file does. */
declare const VERSION: string;

const shell = `shell-${VERSION}`;

async function install(): Promise<void> {
  const cache = await caches.open(shell);
  await cache.addAll(['/', ...SHELL]);
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('shell-') && name !== shell) await caches.delete(name);
  await self.clients.claim();
}

/** The page itself comes from the server while that answers; files with a hash in their name never change. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(shell);
  if (request.mode === 'navigate')
    return fetch(request).catch(async () => (await cache.match('/')) ?? Response.error());
  return (await cache.match(request)) ?? fetch(request);
}

/** To the message, in a page that is open or a new one. */
async function lead({ groupId, seq }: Told): Promise<void> {
  const address = `/#/g/${groupId}/${seq}`;
  const [page] = await self.clients.matchAll({ type: 'window' });
  if (page) await (await page.navigate(address))?.focus();
  else await self.clients.openWindow(address);
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
// Not every browser has it, and TypeScript does not know it.
self.addEventListener('sync' as 'message', (event: ExtendableEvent & { tag?: string }) => {
  if (event.tag === HANDOVER) event.waitUntil(sendHandedOver());
});
self.addEventListener('notificationclick', (event) => {
  const { notification } = event;
  notification.close();
  event.waitUntil(lead(notification.data as Told));
});
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isOurs = origin === self.location.origin && (pathname === '/' || SHELL.includes(pathname));
  if (isOurs && event.request.method === 'GET') event.respondWith(answer(event.request));
});

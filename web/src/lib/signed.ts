// SPDX-License-Identifier: MIT
//
// signed - addresses of media. The server signs them for a day; one that was kept for longer goes on without its
// signature, by the session's cookie.
const MARGIN = 3600; // seconds: a signature must outlast the playing

/** The address as it can be used now. */
export function fresh(address: string, now = Date.now()): string {
  const expiry = /[?&]exp=(\d+)/.exec(address)?.[1];
  if (expiry !== undefined && Number(expiry) > now / 1000 + MARGIN) return address;
  return address.replace(/\?.*$/, '');
}

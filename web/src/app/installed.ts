// SPDX-License-Identifier: MIT
//
// installed - registers the service worker. A script's address goes through the one Trusted Types policy there is.
interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): {
    createScriptURL(address: string): string;
  };
}

const ADDRESS = '/service-worker.js';
const AFTER = 5_000; // milliseconds

/** Does nothing where there are no service workers: plain HTTP but on localhost, private windows. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  const policy = trustedTypes?.createPolicy('antiphon', {
    createScriptURL: (address) => {
      if (address !== ADDRESS) throw new TypeError('Only the service worker is loaded by its address.');
      return address;
    },
  });
  // It fetches the whole application: the page comes first.
  setTimeout(() => {
    void navigator.serviceWorker.register(policy?.createScriptURL(ADDRESS) ?? ADDRESS).catch(() => undefined);
  }, AFTER);
}

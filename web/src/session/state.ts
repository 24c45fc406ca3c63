// SPDX-License-Identifier: MIT
//
// session - who is signed in on this browser, and how that begins and ends.
import { effect, untracked } from '@preact/signals';
import * as connection from '../lib/connection';
import { takeBack } from '../lib/handover';
import { bearer, call } from '../lib/http';
import type { RegisterAccount, SessionBegun } from '../lib/protocol';
import { stored } from '../lib/stored';

/** The bearer token; null when nobody is signed in. Other tabs of this browser follow it. */
export const token = stored<string | null>('antiphon.token', null);

/** Why one has to sign in again: the server has ended the session. */
export const hasExpired = stored('antiphon.expired', false, 'sessionStorage');

/** Where to go on after signing in, as a location of the router. */
export const returnTo = stored<string | null>('antiphon.return', null, 'sessionStorage');

function begin(begun: SessionBegun): void {
  hasExpired.value = false;
  token.value = begun.token;
}

export async function signIn(username: string, password: string): Promise<void> {
  begin(await call('sign_in', { username, password }));
}

export async function register(account: RegisterAccount): Promise<void> {
  const begun = await call('register_account', account);
  begin(begun);
}

/** The server tells the sockets of a session that it has ended; to who ends it that is no news. */
let isLeaving = false;

/** Ends the session on the server, as far as that can be reached, and here. */
export async function signOut(): Promise<void> {
  isLeaving = true;
  await call('end_session', { id: 'current' }).catch(() => undefined);
  returnTo.value = null;
  history.replaceState(null, '', '#/'); // who signs in next begins at the start
  token.value = null;
}

function expired(): void {
  if (isLeaving || token.peek() === null) return;
  returnTo.value = location.hash.slice(1);
  hasExpired.value = true;
  token.value = null;
}

/**
 * Connects when somebody is signed in, once `prepared`: who listens to the first events must be there before them.
 * When that ends, here or in another tab, the page is loaded anew: nothing of one account stays in memory for the next.
 */
export function followToken(prepared: () => Promise<unknown>): void {
  bearer.expired = expired;
  let before: string | null = null;
  effect(() => {
    const now = token.value;
    if (before !== null) {
      untracked(() => void takeBack());
      connection.close();
      location.reload();
      return;
    }
    before = now;
    bearer.token = now;
    if (now === null) return;
    untracked(() => {
      // What stands in the page is opened by the cookie; a browser that has lost it gets it back by this.
      const cookie = call('list_sessions', {}).catch(() => undefined);
      Promise.all([prepared(), cookie]).then(
        () => {
          if (token.peek() === now) connection.open(now, expired);
        },
        () => undefined, // the page says that a part of it could not be loaded
      );
    });
  });
  globalThis.addEventListener('online', connection.wake);
}

// SPDX-License-Identifier: MIT
//
// offline - the page without its server: it opens, keeps what one writes, and the service worker sends that even when
// the page is closed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must, seen } from '../scenario/lib/antiphon.mjs';
import { open } from './lib/stage.mjs';

// Once the application's files are all in the browser.
async function installed(person) {
  await person.page.evaluate(() => navigator.serviceWorker.ready);
  await person.until(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('shell-'));
    return names.length === 1 && (await (await caches.open(names[0])).keys()).length > 10;
  });
}

const composer = (person) => person.page.getByRole('textbox', { name: /^Write to/ });

async function write(person, text) {
  await composer(person).fill(text);
  await composer(person).press('Enter');
  await person.sees(text);
}

test('without its server the page opens, says so, and keeps what one writes until the server is back', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada');
  await composer(ada).waitFor();
  await installed(ada);
  ada.tolerates(/ERR_CONNECTION_REFUSED|WebSocket|503|fetching the script/);
  stage.server.listen = new URL(stage.server.url).host;
  await stage.server.stop();
  await ada.sees(/out of reach/);
  await write(ada, 'written without a server');
  await ada.page.reload();
  await ada.sees(/out of reach/);
  await stage.server.start();
  await ada.sees('written without a server');
  await ada.seesNot(/out of reach/);
  const bob = await stage.person('bob');
  await bob.sees('written without a server');
  assert.equal(await bob.page.getByText('written without a server').count(), 1);
});

test('what was written without a server is sent by the service worker after the page was closed, and once', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada');
  await composer(ada).waitFor();
  await installed(ada);
  const devtools = await ada.context.newCDPSession(ada.page);
  const registrations = [];
  devtools.on('ServiceWorker.workerRegistrationUpdated', (e) => registrations.push(...e.registrations));
  await devtools.send('ServiceWorker.enable');
  ada.tolerates(/ERR_CONNECTION_REFUSED|WebSocket|503|fetching the script/);
  stage.server.listen = new URL(stage.server.url).host;
  await stage.server.stop();
  await ada.sees(/out of reach/);
  await write(ada, 'sent by nobody’s page');
  await ada.until(async () => (await (await caches.open('antiphon-outbox')).match('/')) !== undefined);
  await ada.page.goto('about:blank');
  await stage.server.start();

  const watcher = await stage.server.register('watcher');
  const socket = await stage.server.connect('/chat', watcher.token);
  const received = seen(socket, 'MESSAGE_RECEIVED', (m) => m.message === 'sent by nobody’s page');
  // What the browser does by itself, at a time of its own, once it has a network.
  const { registrationId, scopeURL } = registrations.at(-1);
  await devtools.send('ServiceWorker.dispatchSyncEvent', {
    origin: new URL(scopeURL).origin, registrationId, tag: 'antiphon-outbox', lastChance: true,
  });
  const message = await received;

  await ada.go('#/');
  await ada.sees('sent by nobody’s page');
  await ada.page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('antiphon.out.')));
  const { messages } = await must(socket, 'GET_HISTORY', { groupId: message.groupId });
  assert.equal(messages.length, 1, 'the page sent it again, and it is stored once');
});

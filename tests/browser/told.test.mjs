// SPDX-License-Identifier: MIT
//
// told - what people are told who do not look: notifications of the browser itself, and the words that a screen reader
// says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../scenario/lib/antiphon.mjs';
import { open } from './lib/stage.mjs';
import { box, lobby, log, message, place, write } from './lib/talk.mjs';

// Writes down the notifications that a page has the service worker show.
function noteNotifications() {
  const real = ServiceWorkerRegistration.prototype.showNotification;
  globalThis.told = [];
  ServiceWorkerRegistration.prototype.showNotification = async function showNotification(title, options) {
    await real.call(this, title, options);
    globalThis.told.push({ title, body: options.body });
  };
}

// Playwright lets every page believe that it has the focus; from here on that one has it which is in front.
async function realFocus({ context, page }) {
  await (await context.newCDPSession(page)).send('Emulation.setFocusEmulationEnabled', { enabled: false });
}

// From one tab to another, until the browser's tabs know of it: whether somebody looks at lobby now.
async function lookAt(person, insteadOf, isLobby) {
  await person.page.bringToFront();
  await person.until(() => document.hasFocus());
  await insteadOf.until(() => !document.hasFocus());
  await person.until(async ([eyes, wanted]) => (await navigator.locks.query()).held.some(({ name }) => name === eyes) === wanted, [`antiphon.eyes.${lobby}`, isLobby]);
}

const toldIn = ({ page }) => page.evaluate(() => globalThis.told.map(({ title, body }) => ({ title, body })));

// Whether the browser shows the notification that was told as the nth.
const isShown = async ([n, wanted]) => {
  const one = globalThis.told[n - 1];
  const all = await (await navigator.serviceWorker.ready).getNotifications();
  return one !== undefined && all.some(({ title, body }) => title === one.title && body === one.body) === wanted;
};
const shown = (person, n) => person.until(isShown, [n, true]);
const closed = (person, n) => person.until(isShown, [n, false]);

// Clicks on it, as far as a service worker can be made to believe it: only a real click may bring a page to the front.
async function click({ context }, text) {
  const [worker] = context.serviceWorkers();
  await worker.evaluate(async (wanted) => {
    const notification = (await self.registration.getNotifications()).find(({ body }) => body === wanted);
    const event = new NotificationEvent('notificationclick', { notification });
    let done;
    event.waitUntil = (promise) => { done = promise; };
    self.dispatchEvent(event);
    await done.catch(({ name }) => { if (name !== 'InvalidAccessError') throw new Error(name); });
  }, text);
}

async function withNotifications(stage, { of = [], ...options } = {}) {
  const person = await stage.person('ada', { at: null, storage: { 'antiphon.desktop': true }, ...options });
  await person.context.grantPermissions(['notifications']);
  await person.context.addInitScript(noteNotifications);
  await person.go('#/');
  await box(person).waitFor();
  const others = [];
  for (const hash of of) others.push(await person.tab(hash));
  for (const one of [person, ...others]) {
    await realFocus(one);
    await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  }
  return [person, ...others];
}

test('the browser tells once what calls one, in plain text; it leads to the message, and goes when that is read', async (t) => {
  const stage = await open(t);
  const bob = await stage.server.register('bob');
  const [ada, second] = await withNotifications(stage, { of: ['#/channels'] });
  await second.isIn();
  const B = await stage.server.connect('/chat', bob.token);
  const direct = (await must(B, 'GROUP_CREATED', { kind: 'direct', members: [ada.account.user.id] })).group.id;
  const say = (text, groupId = lobby) => must(B, 'MESSAGE_SENT', { groupId, message: text });
  await place(ada, /bob/).waitFor();

  // She looks at another page in the second tab; the first one, at lobby, tells.
  await lookAt(second, ada, false);
  await say('nobody is called here');
  await must(await ada.socket('/chat'), 'MESSAGE_SENT', { groupId: lobby, message: '@ada notes this' });
  await say('see @ada\n*this* <b>one</b>');
  await shown(ada, 1);
  const psst = { title: 'bob wrote to you', body: 'psst' };
  const called = { title: 'bob mentioned you in lobby', body: 'see @ada *this* <b>one</b>' };
  assert.deepEqual(await toldIn(ada), [called]);
  await say('\u202epss\u200bt', direct);
  await shown(ada, 2);
  assert.deepEqual(await toldIn(ada), [called, psst]);

  // A click leads the tab that she was in last.
  await click(ada, called.body);
  await second.at(new RegExp(`#/g/${lobby}/3$`));
  await message(second, 'see @ada').waitFor();
  await closed(ada, 1);

  // The conversation that she looks at is not told of, by neither tab.
  await lookAt(second, ada, true);
  await say('here @ada');
  await message(second, 'here @ada').waitFor();
  await second.go('#/channels');
  await lookAt(second, ada, false);
  await say('once more', direct);
  await shown(ada, 3);
  assert.deepEqual(await toldIn(ada), [called, psst, { ...psst, body: 'once more' }]);
  assert.deepEqual(await toldIn(second), []);
  // Read on another device.
  await must(await ada.socket('/chat'), 'MESSAGE_READ', { groupId: direct, seq: 2 });
  await closed(ada, 3);

  // When the tab that told goes, the other one tells.
  await ada.page.close();
  await second.until(async () => {
    const { held, pending } = await navigator.locks.query();
    return [...held].some(({ name }) => name === 'antiphon.teller') && !pending.some(({ name }) => name === 'antiphon.teller');
  });
  await say('@ada again');
  await shown(second, 1);
  assert.deepEqual(await toldIn(second), [{ ...called, body: '@ada again' }]);
});

test('the browser tells what one has chosen to be told of, in one’s language', async (t) => {
  const stage = await open(t);
  const bob = await stage.server.register('bob');
  const [ada] = await withNotifications(stage, { language: 'fr' });
  const B = await stage.server.connect('/chat', bob.token);
  const A = await ada.socket('/chat');
  const say = (text) => must(B, 'MESSAGE_SENT', { groupId: lobby, message: text });
  await ada.go('#/settings/notifications');
  const choose = async (label) => {
    const choice = ada.page.getByRole('radio', { name: label });
    await choice.check();
    await ada.page.waitForFunction(() => localStorage.getItem('antiphon.settings.unsent').includes('"values":{}'));
  };
  await choose('Rien');
  await say('@ada rien');
  await place(ada, /lobby/).getByText('1 mention').waitFor();
  await choose('Chaque message');
  await must(A, 'MESSAGE_SENT', { groupId: lobby, message: 'own' }); // who writes has read what was there
  await say('@ada tout');
  await shown(ada, 1);
  assert.deepEqual(await toldIn(ada), [{ title: 'bob a écrit dans lobby', body: '@ada tout' }]);
  await choose('Mentions');
  await say('nothing');
  await say('@ada seulement');
  await shown(ada, 2);
  assert.deepEqual((await toldIn(ada)).at(-1), { title: 'bob vous a mentionné dans lobby', body: '@ada seulement' });

  // Not in this browser, after all.
  await ada.page.getByRole('checkbox').uncheck();
  await say('@ada pas ici');
  await place(ada, /lobby/).getByText('3 mentions').waitFor();
  assert.equal((await toldIn(ada)).length, 2);
});

// Writes down what the live regions of a page come to say, and when.
async function listen({ page }) {
  await page.evaluate(() => {
    globalThis.said = [];
    const manner = (node) => {
      const region = node.closest?.('[aria-live], [role=alert], [role=status]');
      return region && (region.getAttribute('aria-live') ?? { alert: 'assertive', status: 'polite' }[region.role]);
    };
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        const how = manner(node.parentElement ?? node);
        if (how && how !== 'off' && node.textContent !== '') globalThis.said.push({ how, text: node.textContent, at: performance.now() });
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

// What has been said, once the last of it is this.
async function heard(person, last) {
  await person.until((text) => globalThis.said.at(-1)?.text === text, last);
  return person.page.evaluate(() => globalThis.said.splice(0));
}

const words = (list) => list.map(({ how, text }) => `${how}: ${text}`);

test('who listens hears what others write: politely, shortly, and of a burst how much it is', async (t) => {
  const stage = await open(t);
  const [ann, eve] = [await stage.person('ann'), await stage.person('eve', { language: 'fr' })];
  const bob = await stage.server.register('bob');
  stage.server.sql("UPDATE user SET display_name = 'Bob ' || char(0x202e) || 'eht' WHERE username = 'bob'");
  const B = await stage.server.connect('/chat', bob.token);
  const say = (text) => must(B, 'MESSAGE_SENT', { groupId: lobby, message: text });
  for (const person of [ann, eve]) {
    await box(person).waitFor();
    await listen(person);
  }
  await write(ann, 'my own');
  assert.deepEqual(words(await heard(eve, 'ann : my own')), ['polite: ann : my own']);
  await say('yes');
  assert.deepEqual(words(await heard(ann, 'Bob eht: yes')), ['polite: Bob eht: yes'], 'and not what she wrote herself');
  await say('yes');
  assert.deepEqual(words(await heard(ann, 'Bob eht: yes')), ['polite: Bob eht: yes'], 'the same words are heard again');
  await say('long '.repeat(500));
  await ann.until(() => globalThis.said.length > 0);
  assert.ok((await ann.page.evaluate(() => globalThis.said.splice(0)))[0].text.length < 200);

  await eve.page.evaluate(() => globalThis.said.splice(0));
  for (let i = 1; i <= 100; i++) B.emit('MESSAGE_SENT', { groupId: lobby, message: `burst ${i}` });
  await message(eve, 'burst 100').waitFor();
  await eve.until(() => globalThis.said.reduce((sum, { text }) => sum + (Number(/^\d+/.exec(text)?.[0]) || text.split('\n').length), 0) >= 100);
  const burst = await eve.page.evaluate(() => globalThis.said.splice(0));
  assert.ok(burst.some(({ text }) => /^\d+ nouveaux messages$/.test(text)), JSON.stringify(burst));
  const seconds = (burst.at(-1).at - burst[0].at) / 1000;
  assert.ok(burst.length <= 3 + seconds / 2, `${burst.length} sayings in ${seconds} s`);
});

test('who listens hears that the server is away, and that it is back', async (t) => {
  const stage = await open(t);
  const people = [await stage.person('ann'), await stage.person('eve', { language: 'fr', at: '#/channels' })];
  for (const person of people) {
    await person.isIn();
    await person.page.waitForFunction(() => document.querySelector('nav[aria-busy=false] a'));
    await listen(person);
    person.tolerates(/ERR_CONNECTION_REFUSED|WebSocket|fetching the script/);
  }
  stage.server.listen = new URL(stage.server.url).host;
  await stage.server.kill();
  await people[0].sees('The server is out of reach');
  await people[1].sees('Le serveur est injoignable');
  await stage.server.start();
  const [en, fr] = [await heard(people[0], 'The server is back.'), await heard(people[1], 'Le serveur est de nouveau joignable.')];
  for (const said of [en, fr]) assert.deepEqual(said.map(({ how }) => how), ['polite', 'polite']);
  assert.match(en[0].text, /^The server is out of reach/);
  assert.match(fr[0].text, /^Le serveur est injoignable/);
});

test('who listens hears at once what was refused, also in a dialog', async (t) => {
  const stage = await open(t);
  const ann = await stage.person('ann', { language: 'fr' });
  const bob = await stage.server.register('bob');
  const { group } = await must(await ann.socket('/chat'), 'GROUP_CREATED', { name: 'choir', kind: 'channel' });
  await ann.go(`#/g/${group.id}`);
  await ann.page.getByRole('button', { name: 'Afficher les membres' }).click();
  await ann.page.getByRole('button', { name: 'Ajouter des personnes' }).click();
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByRole('button', { name: /bob/ }).click();
  await listen(ann);
  // Meanwhile bob comes by himself.
  await must(await stage.server.connect('/chat', bob.token), 'GROUP_MEMBER_ADDED', { groupId: group.id, userId: bob.user.id });
  await dialog.getByRole('button', { name: 'Ajouter', exact: true }).click();
  const refusal = dialog.getByRole('alert').filter({ hasText: /\w/ });
  await refusal.waitFor();
  assert.ok((await ann.page.evaluate(() => globalThis.said)).some(({ how }) => how === 'assertive'));
  await ann.audit('a refusal in a dialog');
  const text = await refusal.textContent();
  await ann.page.keyboard.press('Escape');
  // It stays in sight when the dialog goes.
  await ann.page.getByRole('alert').filter({ hasText: text }).waitFor();
  assert.equal(await ann.page.getByRole('dialog').count(), 0);
});

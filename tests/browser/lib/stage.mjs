// SPDX-License-Identifier: MIT
//
// stage - a real antiphond, one Chromium, and people who use the page, for the stories of tests/browser.
//
//   test('two people talk', async (t) => {
//     const stage = await open(t);                             // a server with an empty data folder; { keys, env } as serve()
//     const ada = await stage.person('ada');                   // has an account and is signed in; its page stands at #/
//     const bob = await stage.person('bob', { language: 'fr', theme: 'dark', viewport: phone });
//     const eve = await stage.visitor({ at: '#/register' });   // nobody yet; await eve.signUp('eve') fills in the form
//     await ada.go('#/music');
//     await ada.page.getByRole('button', { name: 'Send' }).click();
//     await bob.sees('Hello');                                 // text that is visible, now or soon
//     await ada.audit('the conversation');                     // axe finds nothing
//   });
//
// Short cuts for what a story is not about: stage.server is scenario/lib's Server (register, api, connect), and every
// person has `account` (as the API gave it), `token`, and `socket('/chat' or '/music')`, a second connection of theirs.
//
// A story fails at its end when a page had an error: an exception, console.error, a violation of the
// Content-Security-Policy, a request that failed. What belongs to the story is announced before: person.expects(/401/).
// Ask for things by role and name, as people find them. Locators wait by themselves; nothing sleeps.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { serve } from '../../scenario/lib/antiphon.mjs';
import { closeBrowser, desktop, newContext } from './chromium.mjs';

export { desktop, phone, tablet } from './chromium.mjs';

const PATIENCE = 30_000; // milliseconds; the machine may be slow and busy
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

after(closeBrowser);

class Person {
  constructor(stage, page, account = null) {
    this.stage = stage;
    this.page = page;
    this.context = page.context();
    this.account = account;
    this.complaints = [];
    this.expected = [];
    this.tolerated = [];
    this.watch(page);
  }

  get token() {
    return this.account?.token;
  }

  watch(page) {
    const where = () => new URL(page.url()).hash || page.url();
    page.on('pageerror', (error) => this.complaints.push(`${where()}: ${error.stack ?? error}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${where()}: ${message.text()} (${message.location().url})`);
    });
  }

  // What the console will say of this story, as /401/ for a wrong password; it must come.
  expects(...patterns) {
    this.expected.push(...patterns);
  }

  // What it may say: whether the browser tried just then is chance.
  tolerates(...patterns) {
    this.tolerated.push(...patterns);
  }

  judge() {
    const missing = this.expected.filter((pattern) => !this.complaints.some((text) => pattern.test(text)));
    const rest = this.complaints.filter((text) => ![...this.expected, ...this.tolerated].some((pattern) => pattern.test(text)));
    assert.deepEqual(rest, [], 'the page has complained');
    assert.deepEqual(missing.map(String), [], 'the page should have complained');
  }

  // To another page of the application: '#/music'.
  async go(hash) {
    await this.page.goto(this.stage.server.url + '/' + hash);
  }

  // Where the page is now, or soon: at(/#\/sign-in$/). Its address counts; what it still loads does not.
  async at(address) {
    await this.page.waitForURL(address, { waitUntil: 'commit' });
  }

  // A second tab of the same browser.
  async tab(hash = '#/') {
    const other = new Person(this.stage, await this.context.newPage(), this.account);
    this.stage.people.push(other);
    await other.go(hash);
    return other;
  }

  // Text that is visible, now or soon. Gives its locator.
  async sees(text, within = this.page) {
    const found = within.getByText(text).filter({ visible: true }).first();
    await found.waitFor();
    return found;
  }

  async seesNot(text) {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor({ state: 'hidden' });
  }

  // Until this holds in the page, which may be out of sight; `holds` may be asynchronous, as waitForFunction's may not.
  async until(holds, of) {
    const end = performance.now() + PATIENCE;
    while (!(await this.page.evaluate(holds, of))) {
      assert.ok(performance.now() < end, `in vain: ${holds}`);
      await setTimeout(20);
    }
  }

  // Fills in the form of #/register, #/invite/CODE or #/admin/CODE.
  async signUp(username, password = 'correct horse') {
    await this.page.getByRole('textbox', { name: /^(User name|Nom d’utilisateur)/ }).fill(username);
    await this.page.getByLabel(/^(Password|Mot de passe)/).fill(password);
    await this.page.getByRole('button', { name: /^(Make an account|Créer un compte)$/ }).click();
  }

  async signIn(username, password = 'correct horse') {
    await this.page.getByRole('textbox', { name: /^(User name|Nom d’utilisateur)/ }).fill(username);
    await this.page.getByLabel(/^(Password|Mot de passe)/).fill(password);
    await this.page.getByRole('button', { name: /^(Sign in|Se connecter)$/ }).click();
  }

  // True when somebody is signed in: what stands around every page is there.
  async isIn() {
    await this.page.locator('main#main').waitFor({ state: 'attached' }); // on phones another page may hide it
  }

  // What axe-core finds on the page as it is now, or on a part of it ('dialog').
  async violations(within = null) {
    await this.page.evaluate(axe);
    return this.page.evaluate(async (part) => {
      const { violations: found } = await globalThis.axe.run(part ?? document, {
        resultTypes: ['violations'], rules: { 'target-size': { enabled: true } }, // at least 24 pixels; not one of axe's defaults
      });
      return found.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
    }, within);
  }

  async audit(what, within = null) {
    assert.deepEqual(await this.violations(within), [], `axe on ${what}`);
  }

  // A second connection of this person's, as another device has.
  socket(namespace) {
    return this.stage.server.connect(namespace, this.token);
  }
}

class Stage {
  constructor(server) {
    this.server = server;
    this.people = [];
  }

  // A browser of its own, with nobody signed in. at: where the page stands; null: no page is opened yet.
  async visitor({ at = '#/', language = 'en', theme = null, viewport = desktop, storage = {}, account = null, ...more } = {}) {
    const context = await newContext(this.server.url, storage, { language, theme, viewport, ...more });
    context.setDefaultTimeout(PATIENCE);
    const person = new Person(this, await context.newPage(), account);
    this.people.push(person);
    if (at !== null) await person.go(at);
    return person;
  }

  // Somebody with an account, made and signed in beside the page. invite, displayName: of the account.
  async person(username, { invite, displayName, ...options } = {}) {
    const account = await this.server.register(username, { ...(invite && { invite }), ...(displayName && { displayName }) });
    const person = await this.visitor({ ...options, account, storage: { ...options.storage, 'antiphon.token': account.token } });
    if (options.at !== null) await person.isIn();
    return person;
  }

  // The first account of the server, an admin.
  admin(username = 'root', options = {}) {
    return this.person(username, { ...options, invite: this.server.adminCode });
  }
}

// A stage for the length of a test.
export async function open(t, options) {
  let stop;
  const server = await serve({ after: (f) => { stop = f; } }, options);
  const stage = new Stage(server);
  t.after(async () => {
    await Promise.all(stage.people.map((person) => person.context.close())); // before the server goes, of which they would complain
    await stop();
    for (const person of stage.people) person.judge();
  });
  return stage;
}

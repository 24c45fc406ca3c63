// SPDX-License-Identifier: MIT
//
// session - how a visitor becomes somebody, goes, and comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, phone } from './lib/stage.mjs';

const field = (person, name) => person.page.getByLabel(name);

test('a visitor registers, lands in lobby, signs out, and in again', async (t) => {
  const stage = await open(t);
  const ada = await stage.visitor();
  await ada.at(/#\/sign-in$/);
  await ada.audit('the sign-in page');
  await ada.page.getByRole('link', { name: 'Make an account' }).click();
  await ada.audit('the registration page');
  await ada.signUp('ada');
  await ada.isIn();
  await ada.go('#/settings/account');
  await ada.sees('You are signed in as ada.');
  await ada.page.getByRole('button', { name: 'Sign out' }).click();
  await ada.at(/#\/sign-in$/);
  await ada.signIn('ada');
  await ada.isIn();
  await ada.at(/#\/(g\/.*)?$/);
  await ada.page.reload();
  await ada.isIn();
});

test('refusals say what to do: a wrong password, a name that is taken, a password that is too short', async (t) => {
  const stage = await open(t);
  await stage.server.register('ada');
  const eve = await stage.visitor();
  eve.expects(/401/, /409/);
  await eve.signIn('ada', 'wrong horse');
  await eve.sees(/name or the password is wrong/i);
  assert.equal(await field(eve, /^Password/).getAttribute('aria-invalid'), 'true');
  await eve.audit('the sign-in page with a refusal');
  await eve.go('#/register');
  await eve.signUp('ada', 'short');
  assert.equal(await field(eve, /^Password/).evaluate((input) => input.validity.tooShort), true);
  await eve.signUp('ada', 'correct horse');
  await eve.sees(/taken/);
  await eve.signUp('ada2', 'correct horse');
  await eve.isIn();
});

test('a session that ends leads to sign-in with a sentence, and from there to where one was', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada');
  await ada.go('#/settings/profile');
  await ada.sees('About you');
  const { sessions } = await (await stage.server.api('GET', '/api/v1/sessions', { token: ada.token })).json();
  await stage.server.api('DELETE', `/api/v1/sessions/${sessions[0].id}`, { token: ada.token });
  await ada.sees('Your session has ended. Sign in again to go on where you were.');
  await ada.signIn('ada');
  await ada.sees('About you');
  assert.match(ada.page.url(), /#\/settings\/profile$/);
});

test('who follows a link without a session goes there after signing in', async (t) => {
  const stage = await open(t);
  await stage.server.register('ada');
  const ada = await stage.visitor({ at: '#/settings/account' });
  await ada.signIn('ada');
  await ada.sees('You are signed in as ada.');
});

test('other tabs follow when one signs out', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada');
  const other = await ada.tab('#/settings/account');
  await other.page.getByRole('button', { name: 'Sign out' }).click();
  await ada.at(/#\/sign-in$/);
});

test('the first link makes an admin; their invite lets one person in, once', async (t) => {
  const stage = await open(t, { keys: { registration: 'invite' } });
  const root = await stage.visitor({ at: `#/admin/${stage.server.adminCode}` });
  await root.sees('This is the first account of this server; it will administer it.');
  await root.signUp('root');
  await root.isIn();
  await root.go('#/settings/invites');
  await root.sees('No invite is open.');
  await root.page.getByRole('button', { name: 'Make an invite' }).click();
  const link = await root.page.getByLabel('Link of the invite').inputValue();
  await root.sees('for 1 account', root.page.getByRole('listitem'));
  await root.audit('the invites');

  const bob = await stage.visitor({ at: '#/register', viewport: phone });
  bob.expects(/403/);
  await bob.signUp('bob');
  await bob.sees(/invite/i, bob.page.getByRole('alert'));
  await bob.page.goto(link);
  await bob.audit('the page of an invite');
  await bob.signUp('bob');
  await bob.isIn();

  const late = await stage.visitor({ at: new URL(link).hash });
  late.expects(/403/);
  await late.signUp('late');
  await late.sees(/invite/i, late.page.getByRole('alert'));
  await root.page.reload();
  await root.sees('No invite is open.');
});

test('in French, from the door on', async (t) => {
  const stage = await open(t);
  const chantal = await stage.visitor({ language: 'fr', at: '#/register' });
  await chantal.sees('Parlez et partagez de la musique avec votre communauté.');
  assert.equal(await chantal.page.evaluate(() => document.documentElement.lang), 'fr');
  await chantal.signUp('chantal');
  await chantal.isIn();
  const eve = await stage.visitor({ at: '#/sign-in' });
  await eve.page.getByLabel('Language').selectOption('Français');
  await eve.page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  await eve.page.reload();
  await eve.page.getByRole('heading', { name: 'Se connecter' }).waitFor();
});

test('by keyboard alone, and with nothing but the screen of a phone', async (t) => {
  const stage = await open(t);
  await stage.server.register('ada');
  const ada = await stage.visitor({ viewport: phone });
  const { keyboard } = ada.page;
  await field(ada, 'User name').focus();
  await keyboard.type('ada');
  await keyboard.press('Tab');
  await keyboard.type('correct horse');
  await keyboard.press('Enter');
  await ada.isIn();
});

test('what the server says first is heard, however late the page’s parts come', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null, serviceWorkers: 'block' });
  // The shell's script comes after a page that did not wait for it would have had its snapshot.
  await ada.page.route(/\/assets\/Shell-.*\.js$/, async (route) => {
    for (let i = 0; i < 300; i++) await stage.server.api('GET', '/healthz');
    await route.continue();
  });
  await ada.go('#/');
  await ada.page.getByRole('link', { name: /lobby/ }).first().waitFor();
});

// SPDX-License-Identifier: MIT
//
// settings - what a person chooses, alike on all devices; their account; what admins do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../scenario/lib/antiphon.mjs';
import { open, phone } from './lib/stage.mjs';

const themeOf = (person) => person.page.evaluate(() => document.documentElement.dataset.theme);

test('theme, density and language are kept by the server, and change on all devices at once', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: '#/settings' });
  const second = await stage.visitor({ at: '#/settings', viewport: phone, storage: { 'antiphon.token': ada.token } });
  await second.sees('Appearance');
  await ada.page.getByRole('radio', { name: 'Dark' }).check();
  await second.page.locator('html[data-theme=dark]').waitFor();
  await ada.page.getByRole('radio', { name: 'Compact' }).check();
  await second.page.locator('html[data-density=compact]').waitFor();
  assert.equal(await themeOf(ada), 'dark');
  await ada.audit('the settings in dark');
  await second.page.getByLabel('Language').selectOption('fr');
  await ada.page.getByRole('heading', { name: 'Apparence' }).waitFor();
  await ada.audit('the settings in French');
  const { data } = await must(await ada.socket('/chat'), 'GET_SNAPSHOT', {});
  assert.deepEqual(data.settings, { theme: 'dark', density: 'compact', language: 'fr' });
  const third = await stage.visitor({ at: '#/settings', storage: { 'antiphon.token': ada.token } });
  await third.page.getByRole('heading', { name: 'Apparence' }).waitFor();
  await third.page.locator('html[data-theme=dark]').waitFor();
});

test('the name to show, a few words, a picture, a status: others see them', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: '#/settings/profile' });
  const other = await stage.server.register('other');
  const music = await stage.server.connect('/music', other.token);
  await must(music, 'USER_CONNECT', {});
  await ada.page.getByLabel('Name to show').fill('Ada of the choir');
  await ada.page.getByLabel('About you').fill('Sings.\nListens.');
  await ada.page.getByRole('button', { name: 'Save' }).first().click();
  await ada.sees('Saved.');
  await ada.sees('Ada of the choir', ada.page.getByRole('link', { name: 'Settings' }));
  await ada.page.getByLabel('Status', { exact: true }).selectOption('busy');
  await ada.page.getByLabel('What you do, in a few words').fill('rehearsing');
  await ada.page.getByRole('button', { name: 'Save' }).last().click();
  await ada.sees('rehearsing', ada.page.getByRole('link', { name: 'Settings' }));

  const picture = await ada.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(900, 500);
    const context = canvas.getContext('2d');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 900, 500);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  const choose = ada.page.getByLabel('Choose a picture');
  await choose.setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') });
  await ada.sees(/cannot show this file as a picture/);
  await choose.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(picture) });
  await ada.page.getByRole('button', { name: 'Take it away' }).waitFor();
  await ada.audit('the profile');
  const { user } = await must(music, 'GET_USER', ada.account.user.id);
  assert.equal(user.displayName, 'Ada of the choir');
  assert.equal(user.bio, 'Sings.\nListens.');
  assert.equal(user.status, 'busy');
  assert.equal(user.statusText, 'rehearsing');
  const r = await stage.server.api('GET', user.avatarUrl, { token: ada.token });
  assert.equal(r.headers.get('content-type'), 'image/webp');
  const side = await ada.page.evaluate(async (path) => (await createImageBitmap(await (await fetch(path)).blob())).width, user.avatarUrl);
  assert.equal(side, 256);
  await ada.page.getByRole('button', { name: 'Take it away' }).click();
  await ada.page.getByRole('button', { name: 'Take it away' }).waitFor({ state: 'hidden' });
});

test('a new password: refused with the wrong old one, then all other sessions end', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: '#/settings/account' });
  ada.expects(/403/);
  const elsewhere = await (await stage.server.api('POST', '/api/v1/sessions', {
    body: { username: 'ada', password: 'correct horse' }, headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' },
  })).json();
  await ada.page.reload();
  await ada.sees('Firefox, Linux');
  await ada.sees('This one');
  await ada.audit('the account');
  await ada.page.getByRole('button', { name: 'End the session of Firefox, Linux' }).click();
  await ada.page.getByText('Firefox, Linux').waitFor({ state: 'hidden' });
  assert.equal((await stage.server.api('GET', '/api/v1/sessions', { token: elsewhere.token })).status, 401);

  const other = await stage.visitor({ at: '#/settings', storage: { 'antiphon.token': (await (await stage.server.api('POST', '/api/v1/sessions', {
    body: { username: 'ada', password: 'correct horse' } })).json()).token } });
  await other.isIn();
  await ada.page.getByLabel('Password until now').fill('wrong horse');
  await ada.page.getByLabel('New password').fill('another horse');
  await ada.page.getByRole('button', { name: 'Change the password' }).click();
  await ada.page.locator('[aria-invalid=true]').waitFor();
  await ada.page.getByLabel('Password until now').fill('correct horse');
  await ada.page.getByRole('button', { name: 'Change the password' }).click();
  await ada.sees('The password has been changed; all other sessions have ended.');
  await other.sees('Your session has ended. Sign in again to go on where you were.');
  await other.signIn('ada', 'another horse');
  await other.isIn();
});

test('an admin finds people, gives a role, suspends; others have no such pages', async (t) => {
  const stage = await open(t);
  const root = await stage.admin('root', { at: '#/settings/people' });
  const bob = await stage.person('bob', { at: '#/settings/people' });
  await bob.page.getByRole('heading', { name: 'Appearance' }).waitFor();
  assert.equal(await bob.page.getByRole('link', { name: 'People' }).count(), 0);
  await root.page.getByLabel('Find an account').fill('nobody');
  await root.sees('Nobody has a name like this.');
  await root.page.getByLabel('Find an account').fill('bo');
  await root.page.getByRole('button', { name: 'Manage bob' }).click();
  await root.page.getByRole('radio', { name: 'Moderator' }).check();
  await root.audit('the dialog of an account', 'dialog');
  await root.sees('Moderator', root.page.getByRole('listitem'));
  await root.page.getByLabel('Suspended').check();
  await bob.sees('Your session has ended. Sign in again to go on where you were.');
  bob.expects(/403/);
  await bob.signIn('bob');
  await bob.sees(/suspended/);
  await root.page.keyboard.press('Escape');
  await root.page.getByRole('dialog').waitFor({ state: 'hidden' });
  await root.page.reload();
  await root.sees('Suspended', root.page.getByRole('listitem').filter({ hasText: '@bob' }));
  await root.audit('accounts, one suspended');
  await root.page.getByRole('button', { name: 'Manage bob' }).click();
  assert.equal(await root.page.getByLabel('Suspended').isChecked(), true, 'it is still known');
  await root.page.getByLabel('Suspended').uncheck();
  await root.page.keyboard.press('Escape');
  root.expects(/409|403/);
  await root.page.getByLabel('Find an account').fill('root');
  await root.page.getByRole('button', { name: 'Manage root' }).click();
  await root.page.getByRole('radio', { name: 'Member' }).click(); // refused, perhaps before one could see it checked
  await root.page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  await bob.signIn('bob');
  await bob.isIn();
});

test('notifications: what to be told of, and whether by the browser', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null });
  await ada.context.grantPermissions(['notifications']);
  await ada.go('#/settings/notifications');
  await ada.page.getByRole('radio', { name: 'Every message' }).check();
  await ada.page.getByLabel('Show them outside of this page, too').check();
  await ada.audit('the notifications');
  await ada.page.reload();
  assert.equal(await ada.page.getByRole('radio', { name: 'Every message' }).isChecked(), true);
  assert.equal(await ada.page.getByLabel('Show them outside of this page, too').isChecked(), true);
});

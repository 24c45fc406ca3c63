// SPDX-License-Identifier: MIT
//
// session - how a visitor becomes somebody, goes, and comes back.
import { test } from 'node:test';
import { open } from './lib/stage.mjs';

test('a visitor registers, and is in', async (t) => {
  const stage = await open(t);
  const ada = await stage.visitor();
  await ada.page.waitForURL(/#\/sign-in$/);
  await ada.audit('the sign-in page');
  await ada.page.getByRole('link', { name: 'Make an account' }).click();
  await ada.audit('the registration page');
  await ada.signUp('ada');
  await ada.isIn();
});

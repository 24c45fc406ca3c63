// SPDX-License-Identifier: MIT
//
// pages - every page of a lived-in community: axe finds nothing, nothing is wider than the screen, each has its title.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrived } from './lib/chromium.mjs';
import { community, pages } from './lib/community.mjs';
import { desktop, open, phone } from './lib/stage.mjs';

const looks = [
  { what: 'light, English, on a desk', options: { theme: 'light', viewport: desktop } },
  { what: 'dark, French, on a phone', options: { theme: 'dark', language: 'fr', viewport: phone } },
];

test('every page', async (t) => {
  const stage = await open(t);
  const c = await community(stage.server);
  const tokens = { ada: c.people.ada.account.token, fresh: (await stage.server.register('fresh')).token };
  for (const { what, options } of looks) {
    await t.test(what, async () => {
      const faults = [];
      const readers = { undefined: await stage.visitor(options) };
      for (const [who, token] of Object.entries(tokens)) readers[who] = await stage.visitor({ ...options, storage: { 'antiphon.token': token } });
      for (const [name, { hash, who }] of Object.entries(pages(c))) {
        const reader = readers[who];
        await reader.go(hash);
        await arrived(reader.page);
        faults.push(...(await reader.violations()).map((v) => `${name}: ${v}`));
        const [width, screen] = await reader.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        if (width > screen) faults.push(`${name}: ${width} pixels wide on ${screen}`);
        if (!/Antiphon$/.test(await reader.page.title())) faults.push(`${name}: no title`);
      }
      assert.deepEqual(faults, []);
    });
  }
});

// SPDX-License-Identifier: MIT
//
// screenshots FOLDER [PAGE...] - a picture of each page (or of those named), in light and dark, in both languages, at 360,
// 768 and 1440 pixels: FOLDER/PAGE-LANGUAGE-THEME-WIDTH.png. For script/screenshots.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '../scenario/lib/antiphon.mjs';
import { community, pages } from './lib/community.mjs';
import { spreadOverDays } from './lib/days.mjs';
import { arrived, closeBrowser, desktop, newContext, phone, tablet } from './lib/chromium.mjs';

const [folder, ...only] = process.argv.slice(2);
if (!folder) throw new Error('screenshots FOLDER [PAGE...]');

// A picture of the page once nothing on it is on its way: two in a row that are the same.
async function settled(page) {
  for (let before = null; ;) {
    await arrived(page);
    await page.waitForFunction(() => ![...document.querySelectorAll('[role=status]')].some((e) => /Loading|Chargement/.test(e.textContent)));
    const now = await page.screenshot();
    if (before?.equals(now)) return now;
    before = now;
  }
}

async function shoot(server, all, { language, theme, viewport }) {
  const tokens = { ada: all.community.people.ada.account.token, fresh: all.fresh.token };
  for (const [name, { hash, who }] of Object.entries(all.pages)) {
    const storage = who ? { 'antiphon.token': tokens[who] } : {};
    const context = await newContext(server.url, storage, { language, theme, viewport });
    const page = await context.newPage();
    await page.goto(`${server.url}/${hash}`);
    writeFileSync(join(folder, `${name}-${language}-${theme}-${viewport.width}.png`), await settled(page));
    await context.close();
  }
}

mkdirSync(folder, { recursive: true });
const server = await new Server().start();
try {
  const all = { community: await community(server) };
  await spreadOverDays(server);
  all.fresh = await server.register('newcomer');
  all.pages = Object.fromEntries(Object.entries(pages(all.community)).filter(([name]) => only.length === 0 || only.includes(name)));
  for (const language of ['en', 'fr']) {
    for (const theme of ['light', 'dark']) {
      for (const viewport of [phone, tablet, desktop]) await shoot(server, all, { language, theme, viewport });
    }
  }
} finally {
  await closeBrowser();
  await server.stop();
}

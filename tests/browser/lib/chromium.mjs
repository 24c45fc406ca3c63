// SPDX-License-Identifier: MIT
//
// chromium - Debian's Chromium, one for a process, without what would ask hosts of its own.
import { chromium } from 'playwright-core';

export const phone = { width: 360, height: 740 };
export const tablet = { width: 768, height: 1024 };
export const desktop = { width: 1440, height: 900 };

// How it is started, for those who start their own.
export { chromium as launch };
export const launchOptions = {
  executablePath: process.env.ANTIPHON_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--autoplay-policy=no-user-gesture-required', '--mute-audio',
  ],
};

let launched;

export function browser() {
  launched ??= chromium.launch(launchOptions);
  return launched;
}

export async function closeBrowser() {
  await (await launched)?.close();
}

// A browser of its own for a server's pages; kept: what it has in localStorage. More options are playwright's.
export async function newContext(url, kept, { language = 'en', theme = null, viewport = desktop, ...more } = {}) {
  const localStorage = Object.entries(kept).map(([name, value]) => ({ name, value: JSON.stringify(value) }));
  return (await browser()).newContext({
    locale: language === 'fr' ? 'fr-FR' : 'en-GB', timezoneId: 'Europe/Paris', viewport, colorScheme: theme === 'dark' ? 'dark' : 'light',
    reducedMotion: 'reduce', hasTouch: viewport.width < 500, ...more,
    storageState: { cookies: [], origins: [{ origin: new URL(url).origin, localStorage }] },
  });
}

// The application's page has its heading: its code has come.
export async function arrived(page) {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
}

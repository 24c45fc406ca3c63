// SPDX-License-Identifier: MIT
//
// measure - how quick conversations are: opening one of 50,000 messages, scrolling it, a burst of 500 in a second.
// No test: node tests/browser/measure.mjs [MESSAGES] prints figures of this machine. ANTIPHON_BUILD as for the tests.
import { chromium } from 'playwright-core';
import { must, Server } from '../scenario/lib/antiphon.mjs';

const many = Number(process.argv[2] ?? 50_000);
const lobby = '01900000-0000-7000-8000-000000000001';

const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
const say = (what, value) => process.stdout.write(`${what.padEnd(58)} ${value}\n`);

const server = await new Server().start();
const [ann, bob] = [await server.register('ann'), await server.register('bob')];
const writer = await server.connect('/chat', bob.token);
const { group } = await must(await server.connect('/chat', ann.token), 'GROUP_CREATED', { name: 'long', members: [bob.user.id] });
const text = (i) => `message ${i} ${'of some length, with *marks* and a [link](https://example.org) '.repeat(i % 5)}`;
for (let sent = 0; sent < many; sent += 500) {
  await Promise.all(Array.from({ length: 500 }, (_, i) => must(writer, 'MESSAGE_SENT', { groupId: group.id, message: text(sent + i) })));
}

const browser = await chromium.launch({
  executablePath: process.env.ANTIPHON_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.addInitScript((token) => localStorage.setItem('antiphon.token', JSON.stringify(token)), ann.token);
await page.goto(`${server.url}/#/g/${group.id}`);
await page.locator(`[data-seq="${many}"]`).waitFor();

// The longest tasks of the page's main thread while `what` goes on, by their time on the processor: on a busy machine a
// task is longer by the clock than it is.
async function tasks(what) {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  await what();
  const { traceEvents: all } = JSON.parse(await browser.stopTracing());
  const main = new Set(all.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map((e) => `${e.pid} ${e.tid}`));
  const times = all.filter((e) => e.name === 'RunTask' && main.has(`${e.pid} ${e.tid}`)).map((e) => (e.tdur ?? e.dur) / 1000);
  const longest = times.sort((a, b) => b - a).slice(0, 5).map((ms) => ms.toFixed(0));
  return `longest tasks ${longest.join(' ')} ms; ${times.filter((ms) => ms > 50).length} over 50 ms`;
}

// Its data are there: it was open before.
const opened = [];
const open = () => page.evaluate(async ([to, away, seq]) => {
  const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });
  const there = async (is) => { while (!is()) await frame(); };
  location.hash = `#/g/${away}`;
  await there(() => document.querySelector('h1')?.textContent === 'lobby' && !document.querySelector(`[data-seq="${seq}"]`));
  for (let n = 0; n < 20; n++) await frame();
  const begun = performance.now();
  location.hash = `#/g/${to}`;
  await there(() => document.querySelector(`[data-seq="${seq}"]`));
  await frame();
  return performance.now() - begun;
}, [group.id, lobby, many]);
say(`opening ${many} messages, nine times`, await tasks(async () => { for (let i = 0; i < 9; i++) opened.push(await open()); }));
say('  median by the clock', `${median(opened).toFixed(0)} ms (${opened.map((ms) => ms.toFixed(0)).join(' ')})`);

const wheel = async (by, times) => {
  for (let i = 0; i < times; i++) {
    await page.getByRole('log').evaluate((frame, y) => new Promise((resolve) => {
      frame.scrollBy(0, y);
      requestAnimationFrame(resolve);
    }), by);
  }
};
say('scrolling 200 steps of 300 pixels', await tasks(() => wheel(-300, 200)));
say('scrolling 60 steps of 20,000 pixels', await tasks(() => wheel(-20_000, 60)));
say('  rows on the page', await page.locator('[data-seq]').count());

await page.evaluate((to) => { location.hash = `#/g/${to}`; }, lobby);
await page.getByRole('heading', { level: 1, name: 'lobby' }).waitFor();
await page.getByRole('textbox').waitFor();
let begun = 0;
say('a burst of 500', await tasks(async () => {
  begun = performance.now();
  for (let i = 1; i <= 500; i++) writer.emit('MESSAGE_SENT', { groupId: lobby, message: text(i) });
  await page.locator('[data-seq="500"]').waitFor();
  begun = performance.now() - begun;
}));
say('  until the last one is shown', `${begun.toFixed(0)} ms`);
await browser.close();
await server.stop();

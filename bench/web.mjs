// SPDX-License-Identifier: MIT
//
// web [ROUNDS [lighthouse|conversation]] - what the web application costs a browser, in Debian's Chromium before a real antiphond: Lighthouse on three
// pages, a conversation of 50,000 messages, a burst of 500 in a second. Medians; writes docs/reference/web-performance.md when
// both parts ran.
// For script/web-figures. It finds what it measures by text and role, not by the application's own names.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import { Server, must, top } from '../tests/scenario/lib/antiphon.mjs';
import { browser, closeBrowser, desktop, launch, launchOptions, newContext } from '../tests/browser/lib/chromium.mjs';
import { community } from '../tests/browser/lib/community.mjs';

const rounds = Number(process.argv[2] ?? 3);
const only = process.argv[3];
const MANY = 50_000, BURST = 500, SCROLLS = 150;
const load = loadavg()[0];
const run = (...command) => execFileSync(command[0], command.slice(1), { encoding: 'utf8', cwd: top }).trim();
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

// A Chromium with a profile of its own, where this account is signed in. Gives { context, port of its DevTools }.
async function browserOf(t, server, token) {
  const profile = mkdtempSync(join(tmpdir(), 'antiphon-profile-'));
  const context = await launch.launchPersistentContext(profile, { ...launchOptions, args: [...launchOptions.args, '--remote-debugging-port=0'], viewport: desktop });
  t.push(async () => { await context.close(); rmSync(profile, { recursive: true, force: true }); });
  const [page] = context.pages();
  await page.goto(`${server.url}/healthz`);
  if (token) await page.evaluate((value) => localStorage.setItem('antiphon.token', JSON.stringify(value)), token);
  const [port] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
  return { context, page, port: Number(port) };
}

// ---- Lighthouse ----

const categories = ['performance', 'accessibility', 'best-practices'];

async function grade(address, port, form) {
  const options = { port, onlyCategories: categories, disableStorageReset: true, logLevel: 'error' };
  const { lhr } = await lighthouse(address, options, form === 'desktop' ? desktopConfig : undefined);
  const failed = Object.values(lhr.audits).filter((a) => a.scoreDisplayMode === 'binary' && a.score === 0).map((a) => a.id);
  return { scores: categories.map((c) => Math.round(lhr.categories[c].score * 100)), failed };
}

async function lighthouses() {
  const rows = [], ends = [];
  const server = await new Server().start();
  try {
    const c = await community(server);
    const out = await browserOf(ends, server, null);
    const ada = await browserOf(ends, server, c.people.ada.account.token);
    const pages = [['sign-in', '#/sign-in', out], ['a conversation', `#/g/${c.channel}`, ada], ['the library', '#/music', ada]];
    for (const [name, hash, { port }] of pages) {
      for (const form of ['desktop', 'phone']) {
        const all = [];
        for (let i = 0; i < rounds; i++) all.push(await grade(`${server.url}/${hash}`, port, form));
        const scores = categories.map((_, i) => median(all.map((one) => one.scores[i])));
        const failed = [...new Set(all.flatMap((one) => one.failed))];
        if (failed.length) console.error(`${name}, ${form}: ${failed.join(' ')}`);
        rows.push([`Lighthouse, ${name}, as on a ${form}: performance · accessibility · best practices`, scores.join(' · '), '≥ 95 each', scores.every((s) => s >= 95)]);
      }
    }
  } finally {
    for (const end of ends) await end();
    await server.stop();
  }
  return rows;
}

// ---- a long conversation ----

// In the page, from its start: when messages came, when a text was first painted.
function watch() {
  const seen = (globalThis.figures = { data: 0, painted: 0, wanted: '' });
  const Real = globalThis.WebSocket;
  globalThis.WebSocket = class extends Real {
    constructor(...rest) {
      super(...rest);
      this.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && seen.wanted !== '' && data.includes(seen.wanted)) seen.data ||= performance.now();
      });
    }
  };
  const look = () => {
    if (seen.wanted !== '' && seen.painted === 0 && document.querySelector('main')?.textContent.includes(seen.wanted)) {
      requestAnimationFrame(() => setTimeout(() => { seen.painted ||= performance.now(); }));
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}

async function fill(server, groupId, socket) {
  const words = 'the choir comes in with the second voice and holds the tone until the bell'.split(' ');
  for (let at = 0; at < MANY; at += 500) {
    await Promise.all(Array.from({ length: 500 }, (_, i) => must(socket, 'MESSAGE_SENT', {
      groupId, message: `message ${at + i + 1}: ${words.slice(0, 1 + ((at + i) % words.length)).join(' ')}${(at + i) % 9 === 0 ? '\n\n- **one**\n- `two`' : ''}`,
    })));
  }
}

// The longest task of the page's main thread meanwhile, in milliseconds: as it took, and its CPU time alone.
async function longest(page, act) {
  const own = await browser();
  await own.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await act();
  const { traceEvents } = JSON.parse((await own.stopTracing()).toString());
  const threads = new Set(traceEvents.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map((e) => `${e.pid} ${e.tid}`));
  const tasks = traceEvents.filter((e) => e.ph === 'X' && e.name.endsWith('RunTask') && threads.has(`${e.pid} ${e.tid}`));
  const most = (key) => Math.max(...tasks.map((task) => task[key] ?? 0)) / 1000;
  return { took: most('dur'), cpu: most('tdur') };
}

async function openLong(page, url, groupId) {
  await page.goto(`${url}/#/channels`);
  await page.locator('main').waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate((wanted) => { globalThis.figures.wanted = wanted; }, `message ${MANY}:`);
  await page.evaluate((hash) => { location.hash = hash; }, `#/g/${groupId}`);
  await page.waitForFunction(() => globalThis.figures.painted > 0);
  const { data, painted } = await page.evaluate(() => globalThis.figures);
  return painted - data;
}

async function scroll(page) {
  await page.mouse.move(desktop.width * 0.6, desktop.height * 0.5);
  for (let i = 0; i < SCROLLS; i++) {
    await page.mouse.wheel(0, i < SCROLLS * 0.8 ? -1500 : 1500);
    await page.evaluate(() => new Promise((r) => { requestAnimationFrame(() => requestAnimationFrame(r)); }));
  }
}

async function burst(page, groupId, socket, mark) {
  await page.evaluate((wanted) => Object.assign(globalThis.figures, { wanted, painted: 0, data: 0 }), `${mark} ${BURST}.`);
  const sent = [];
  const begun = performance.now();
  for (let i = 1; i <= BURST; i++) {
    sent.push(must(socket, 'MESSAGE_SENT', { groupId, message: `${mark} ${i}.` }));
    const wait = begun + (i * 1000) / BURST - performance.now();
    if (wait > 1) await new Promise((r) => { setTimeout(r, wait); });
  }
  await Promise.all(sent);
  await page.waitForFunction(() => globalThis.figures.painted > 0);
}

async function conversations() {
  const server = await new Server().start();
  const figures = { open: [], scroll: [], burst: [] };
  try {
    const [ada, bob] = [await server.register('ada'), await server.register('bob')];
    const socket = await server.connect('/chat', bob.token);
    const groupId = (await must(socket, 'GROUP_CREATED', { name: 'long', kind: 'private', members: [ada.user.id] })).group.id;
    await fill(server, groupId, socket);
    const context = await newContext(server.url, { 'antiphon.token': ada.token });
    await context.addInitScript(watch);
    for (let i = 0; i < rounds; i++) {
      const page = await context.newPage();
      figures.open.push(await openLong(page, server.url, groupId));
      figures.scroll.push(await longest(page, () => scroll(page)));
      await page.close();
    }
    const reader = await context.newPage();
    await openLong(reader, server.url, groupId);
    for (let i = 0; i < rounds; i++) figures.burst.push(await longest(reader, () => burst(reader, groupId, socket, `burst ${i + 1} of`)));
  } finally {
    await closeBrowser();
    await server.stop();
  }
  const task = (what, list) => {
    const took = median(list.map((one) => one.took)), cpu = median(list.map((one) => one.cpu));
    return [what, `${took.toFixed(0)} ms, of which ${cpu.toFixed(0)} ms CPU time`, '≤ 50 ms', took <= 50];
  };
  return [
    [`a conversation of ${MANY.toLocaleString('en')} messages: from its data to the painted page`, `${median(figures.open).toFixed(0)} ms`, '< 300 ms', median(figures.open) < 300],
    task(`the same: longest task while scrolling, ${SCROLLS} turns of the wheel`, figures.scroll),
    task(`a burst of ${BURST} messages in a second: longest task`, figures.burst),
  ];
}

// ---- the page ----

const rows = [];
if (only !== 'lighthouse') rows.push(...await conversations());
if (only !== 'conversation') rows.push(...await lighthouses());
const version = JSON.parse(readFileSync(join(top, 'bench/node_modules/lighthouse/package.json'), 'utf8')).version;
const lines = [
  '# Performance of the web application', '', '<!-- Made by script/web-figures; do not edit. -->', '', `    script/web-figures ${rounds}`, '',
  `- date: ${new Date().toISOString().slice(0, 10)}`,
  `- commit: ${run('git', 'log', '-1', '--format=%h', '--', 'web', 'src')}${run('git', 'status', '--porcelain', 'web', 'src') ? ' with changes' : ''}`,
  `- machine: ${cpus()[0].model}, ${cpus().length} cores, server and browser on the same`,
  `- browser: ${run('chromium', '--version')}, Lighthouse ${version}`,
  `- other load: ${load.toFixed(1)} runnable threads on average in the minute before`, '',
  `Medians of ${rounds} rounds.`, '', '| what | figure | must reach |', '| --- | --- | --- |',
  ...rows.map(([what, figure, target]) => `| ${what} | ${figure} | ${target} |`), '',
  'Lighthouse navigates to the page with an empty cache, as an account that is signed in where the page needs one; as on a phone: its own emulation, four times slower and on a',
  'slow network. Tasks are those of the page’s main thread, by the browser’s own trace, from the first turn of the wheel, or the first message, on; where',
  'the machine does something else too, they take longer than their CPU time.', '',
];
if (!only) writeFileSync(join(top, 'docs/reference/web-performance.md'), lines.join('\n'));
for (const [what, figure, target, isGood] of rows) console.log(`${isGood ? '     ' : 'MISS '} ${what}: ${figure} (${target})`);
process.exit(rows.every((row) => row[3]) ? 0 : 1);

// SPDX-License-Identifier: MIT
//
// guard - the policy that stands between the page and what might get into it: the browser itself refuses, and a story
// notices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../scenario/lib/antiphon.mjs';
import { open } from './lib/stage.mjs';
import { lobby, message } from './lib/talk.mjs';

// Each of these would run, or load, were it not for the policy. `says`: what the console has to say of it.
const attacks = [
  ['a script within the page', () => { const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.body.append(s); }, /TrustedScript/],
  ['text that becomes HTML', () => { document.body.innerHTML = '<img src=x onerror="window.ran = true">'; }, /TrustedHTML/],
  ['text that becomes code', () => { setTimeout('window.ran = true'); }, /TrustedScript|unsafe-eval/],
  ['a handler in an attribute', () => { document.body.setAttribute('onclick', 'window.ran = true'); document.body.click(); }, /TrustedScript|Content Security Policy/],
  ['a style within the page', () => { const s = document.createElement('style'); s.textContent = 'body { display: none }'; document.body.append(s); if (getComputedStyle(document.body).display === 'none') window.ran = true; }, /style/],
  ['a policy of one\'s own', () => { window.trustedTypes.createPolicy('other', { createHTML: (s) => s }); }, /other|trusted-types/i],
  ['a picture of another host', () => { document.body.append(Object.assign(new Image(), { src: 'https://example.org/pixel.png' })); }, /example\.org/],
  ['a frame', () => { const f = document.createElement('iframe'); f.src = 'https://example.org/'; document.body.append(f); }, /example\.org/],
  ['a form that sends elsewhere', () => { const f = document.createElement('form'); f.action = 'https://example.org/'; document.body.append(f); f.submit(); }, /example\.org|form-action/],
  ['another base', () => { const b = document.createElement('base'); b.href = 'https://example.org/'; document.head.append(b); if (document.baseURI.includes('example.org')) window.ran = true; }, /base-uri|example\.org/],
];

test('what would run or load from within the page is refused by the browser', async (t) => {
  const stage = await open(t);
  const eve = await stage.visitor();
  for (const [what, attack, says] of attacks) {
    await eve.page.reload();
    await eve.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    eve.expects(says);
    const logged = eve.page.waitForEvent('console', { predicate: (m) => m.type() === 'error' && says.test(m.text()) }).catch(() => null);
    const thrown = await eve.page.evaluate(attack).then(() => null, (error) => String(error));
    if (thrown === null || !says.test(thrown)) assert.ok(await logged, `${what}: the console says so`);
    else eve.complaints.push(thrown);
    assert.equal(await eve.page.evaluate(() => window.ran), undefined, what);
    assert.match(eve.page.url(), new RegExp(`^${stage.server.url}/`), what);
  }
});

test('a request to another host is refused, one over WebSocket to the own host is not', async (t) => {
  const stage = await open(t);
  const ada = await stage.visitor();
  ada.expects(/example\.org/);
  assert.equal(await ada.page.evaluate(() => fetch('https://example.org/').then(() => 'sent', () => 'refused')), 'refused');
  const state = await ada.page.evaluate(() => new Promise((resolve) => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    socket.onmessage = () => { resolve('open'); socket.close(); };
    socket.onerror = () => resolve('refused');
  }));
  assert.equal(state, 'open');
});

test('names that turn the direction, that cannot be seen, or that pile up are shown tamed', async (t) => {
  const stage = await open(t);
  const ann = await stage.person('ann');
  const names = { turned: '\u202etxt.exe', unseen: '\u200b\u2060\ufeff', piled: `Z${'\u0301'.repeat(60)}` };
  for (const [username, displayName] of Object.entries(names)) {
    const { token } = await stage.server.register(username);
    stage.server.sql(`UPDATE user SET display_name = '${displayName}' WHERE username = '${username}'`);
    await must(await stage.server.connect('/chat', token), 'MESSAGE_SENT', { groupId: lobby, message: `I am ${username}` });
    const author = message(ann, `I am ${username}`).getByRole('link').first();
    await author.waitFor();
    await ann.page.waitForFunction((one) => one.textContent !== '…', await author.elementHandle());
    const shown = await author.textContent();
    assert.match(shown, /[\p{L}]/u, `${username} has a name`);
    assert.doesNotMatch(shown, /[\u202a-\u202e\u2060-\u2069\u200b\ufeff]|\p{M}{9}/u, username);
  }
  await ann.audit('names that disturb');
});

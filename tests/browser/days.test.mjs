// SPDX-License-Identifier: MIT
//
// A conversation of several days: its end can be seen, completion of names works in it, what one sends is in sight, and nothing
// that comes up hides what one reads or needs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../scenario/lib/antiphon.mjs';
import { spreadOverDays } from './lib/days.mjs';
import { open, phone } from './lib/stage.mjs';
import { box, lobby, log, message, write } from './lib/talk.mjs';

// A server on which these people have said `count` things in lobby, some every day.
async function talkOfDays(t, names, count, options) {
  const stage = await open(t, options);
  const accounts = {};
  for (const name of names) accounts[name] = await stage.server.register(name, { displayName: name === 'noor' ? 'نور الحداد' : name });
  for (let i = 1; i <= count; i++) {
    const chat = await stage.server.connect('/chat', accounts[names[i % names.length]].token);
    await must(chat, 'MESSAGE_SENT', { groupId: lobby, message: `Thought ${i}` });
    chat.disconnect();
  }
  await spreadOverDays(stage.server);
  stage.signedIn = (name, more = {}) => stage.visitor({ ...more, account: accounts[name], storage: { 'antiphon.token': accounts[name].token, ...more.storage } });
  return stage;
}

// The list is scrolled to its end, and there its last message is seen whole.
async function isAtEnd(person, text) {
  await message(person, text).waitFor();
  await person.until(() => {
    const list = document.querySelector('[role=log]');
    const last = [...list.querySelectorAll('article')].at(-1);
    return last && last.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom + 1 && list.scrollHeight - list.clientHeight - list.scrollTop < 2;
  });
}

for (const [what, viewport] of [['a desk', undefined], ['a phone', phone]]) {
  test(`the newest message can be seen whole, however many days there are, on ${what}`, async (t) => {
    const stage = await talkOfDays(t, ['ann', 'bob'], 24);
    const ann = await stage.signedIn('ann', { at: `#/g/${lobby}`, ...(viewport && { viewport }) });
    await isAtEnd(ann, 'Thought 24');
    assert.ok((await log(ann).getByText(/day|Today/i).count()) > 1, 'there are several days');
    await log(ann).evaluate((list) => { list.scrollTop = 0; });
    await message(ann, 'Thought 1').first().waitFor();
    await log(ann).evaluate((list) => { list.scrollTop = list.scrollHeight; });
    await isAtEnd(ann, 'Thought 24');
  });
}

test('a name is completed where its owner has spoken, with a few requests', async (t) => {
  const stage = await talkOfDays(t, ['ann', 'tomasz'], 6);
  const ann = await stage.signedIn('ann', { at: `#/g/${lobby}` });
  await message(ann, 'Thought 6').waitFor();
  await ann.page.evaluate(() => {
    const { send } = WebSocket.prototype;
    globalThis.frames_sent = 0;
    WebSocket.prototype.send = function counted(...args) { globalThis.frames_sent++; return send.apply(this, args); };
  });
  await box(ann).pressSequentially('well @to', { delay: 50 });
  await ann.page.getByRole('option', { name: /tomasz/ }).waitFor();
  const requests = await ann.page.evaluate(() => globalThis.frames_sent);
  assert.ok(requests < 20, `${requests} frames for eight letters`);
  await box(ann).press('Enter');
  await box(ann).pressSequentially('said');
  await box(ann).press('Enter');
  await message(ann, 'well @tomasz said').getByRole('link', { name: '@tomasz' }).waitFor();
});

test('what one sends comes into sight when one has scrolled up, with the server and without', async (t) => {
  const stage = await talkOfDays(t, ['ann', 'bob'], 40);
  const ann = await stage.signedIn('ann', { at: `#/g/${lobby}` });
  await isAtEnd(ann, 'Thought 40');
  for (const up of [300, 100000]) {
    await log(ann).hover();
    await ann.page.mouse.wheel(0, -up);
    await ann.page.getByRole('button', { name: /newest/i }).waitFor();
    await write(ann, `From ${up} pixels above`);
    await isAtEnd(ann, `From ${up} pixels above`);
  }
});

test('a composer that grows pushes the messages up', async (t) => {
  const stage = await talkOfDays(t, ['ann', 'bob'], 30);
  const ann = await stage.signedIn('ann', { at: `#/g/${lobby}` });
  await isAtEnd(ann, 'Thought 30');
  await box(ann).fill('one\ntwo\nthree\nfour\nfive\nsix');
  await isAtEnd(ann, 'Thought 30');
  await box(ann).fill('');
  await isAtEnd(ann, 'Thought 30');
  await message(ann, 'Thought 30').hover();
  await message(ann, 'Thought 30').getByRole('button', { name: 'Reply', exact: true }).click();
  await ann.sees(/Replying to/);
  await isAtEnd(ann, 'Thought 30');
  // Further up, what stands at the lower edge stays there.
  await log(ann).hover();
  await ann.page.mouse.wheel(0, -500);
  await ann.page.getByRole('button', { name: /newest/i }).waitFor();
  const lowest = () => log(ann).evaluate((list) => {
    const edge = list.getBoundingClientRect().bottom;
    return [...list.querySelectorAll('article')].filter((one) => one.getBoundingClientRect().bottom <= edge).at(-1).textContent;
  });
  const before = await lowest();
  await box(ann).fill('one\ntwo\nthree\nfour');
  assert.equal(await lowest(), before);
});

test('a notice covers nothing, and goes by itself', async (t) => {
  const stage = await talkOfDays(t, ['ann', 'bob'], 20);
  const ann = await stage.signedIn('ann', { at: `#/g/${lobby}` });
  await isAtEnd(ann, 'Thought 20');
  await ann.page.evaluate(() => { location.hash = '#/invite/some-code'; });
  const notice = await ann.sees(/You are signed in already/);
  await ann.at(/#\/(g\/.*)?$/);
  const covered = await notice.evaluate((one) => {
    const box = one.closest('[role=status]').getBoundingClientRect();
    const crosses = (other) => other.left < box.right && other.right > box.left && other.top < box.bottom && other.bottom > box.top;
    return [...document.querySelectorAll('main button, main a, main textarea, main input, main article')]
      .filter((other) => crosses(other.getBoundingClientRect()) && other.checkVisibility()).map((other) => other.outerHTML.slice(0, 80));
  });
  assert.deepEqual(covered, []);
  await ann.seesNot(/You are signed in already/);
});

test('a name written from right to left stays beside its picture', async (t) => {
  const stage = await talkOfDays(t, ['ann', 'noor'], 4);
  const ann = await stage.signedIn('ann', { at: `#/g/${lobby}` });
  await message(ann, 'Thought 4').waitFor();
  const people = ann.page.getByRole('button', { name: /^(Show|Hide) members$/ });
  if ((await people.getAttribute('aria-pressed')) === 'false') await people.click();
  await ann.page.getByRole('complementary', { name: 'Members' }).getByText('نور الحداد').first().waitFor();
  const far = await ann.page.evaluate(() => [...document.querySelectorAll('bdi')].filter((one) => one.textContent.includes('نور')).map((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect().left - one.getBoundingClientRect().left;
  }));
  assert.ok(far.length > 1);
  for (const distance of far) assert.ok(distance < 4, `${distance} pixels from where it should begin`);
});

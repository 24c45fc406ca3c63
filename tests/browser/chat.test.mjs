// SPDX-License-Identifier: MIT
//
// Conversations, as two and three people have them in their browsers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { must } from '../scenario/lib/antiphon.mjs';
import { open, phone } from './lib/stage.mjs';
import { box, lobby, log, message, place, texts, write } from './lib/talk.mjs';

const hostile = JSON.parse(readFileSync(new URL('../../web/src/chat/text/hostile.json', import.meta.url), 'utf8'));

// The button of a message's bar.
async function act(person, text, name) {
  const row = message(person, text);
  await row.hover();
  await row.getByRole('button', { name, exact: true }).click();
}

test('two people talk: both ways, edits, replies, reactions, deletions', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann', { displayName: 'Ann Lee' }), await stage.person('bob')];
  await ann.sees('Welcome! This is lobby');
  await ann.page.getByRole('button', { name: 'Understood' }).click();
  await ann.seesNot('Welcome! This is lobby');
  await write(ann, 'Good *morning*');
  await message(bob, 'Good morning').waitFor();
  assert.equal(await message(bob, 'Good morning').locator('em').textContent(), 'morning');
  assert.equal(await message(bob, 'Good morning').getByRole('link', { name: 'Ann Lee' }).count(), 1);
  await write(bob, 'And to you');
  await message(ann, 'And to you').waitFor();

  await act(bob, 'Good morning', 'Reply');
  await bob.sees('Replying to Ann Lee');
  await write(bob, 'An answer');
  await message(ann, 'An answer').getByRole('link', { name: /Answers Ann Lee/ }).waitFor();

  await act(ann, 'And to you', 'React 👍');
  await message(bob, 'And to you').getByRole('button', { name: '👍: Ann Lee' }).click();
  await message(ann, 'And to you').getByRole('button', { name: '👍: you, bob' }).click();
  await message(bob, 'And to you').getByRole('button', { name: '1 👍: you', exact: true }).waitFor();

  // The arrow upwards edits the last message of one's own.
  await box(ann).press('ArrowUp');
  const edit = ann.page.getByRole('textbox', { name: 'Edit the message' });
  await edit.fill('Good evening');
  await edit.press('Enter');
  await message(bob, 'Good evening').getByText('edited').waitFor();

  await act(bob, 'And to you', 'Delete');
  await bob.audit('the question before deleting');
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await message(ann, 'This message was deleted.').waitFor();
  assert.equal(await message(ann, 'And to you').count(), 0);
  // What the other one wrote cannot be edited or deleted.
  await message(bob, 'Good evening').hover();
  assert.equal(await message(bob, 'Good evening').getByRole('button', { name: 'Delete', exact: true }).count(), 0);
  await ann.audit('a conversation');

  await box(bob).pressSequentially('typ');
  await ann.sees('bob is writing');
  await write(bob, 'done');
  await ann.seesNot('bob is writing');
});

test('who is mentioned or written to sees it from elsewhere, and reading it on one device reads it on all', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob')];
  await bob.go('#/channels');
  await box(ann).pressSequentially('listen @bo');
  await ann.page.getByRole('option', { name: /bob/ }).waitFor();
  await box(ann).press('Tab');
  await box(ann).pressSequentially('please');
  await box(ann).press('Enter');
  await place(bob, /lobby/).getByText('1 mention').waitFor();
  await bob.page.waitForFunction(() => document.title.startsWith('(1) '));
  const other = await bob.tab('#/channels');
  await place(other, /lobby/).getByText('1 mention').waitFor();

  await bob.page.getByRole('button', { name: 'Notifications (1)' }).click();
  await bob.page.getByRole('button', { name: /ann mentioned you in lobby/ }).waitFor();
  await bob.audit('notifications');
  await bob.page.getByRole('button', { name: /ann mentioned you in lobby/ }).click();
  await message(bob, 'listen @bob please').getByRole('link', { name: '@bob' }).waitFor();
  assert.match(bob.page.url(), /#\/g\/[0-9a-f-]+\/1$/);
  await bob.page.waitForFunction(() => !document.title.startsWith('('));
  await place(other, /lobby/).getByText('mention').waitFor({ state: 'detached' });
  await other.page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();

  await bob.page.getByRole('button', { name: 'New conversation' }).click();
  await bob.page.getByRole('radio', { name: /Direct message/ }).check();
  await bob.page.getByRole('button', { name: 'ann @ann' }).click();
  await bob.audit('a new conversation');
  await bob.page.getByRole('button', { name: 'Open', exact: true }).click();
  await bob.page.getByRole('heading', { name: 'ann', level: 1 }).waitFor();
  await write(bob, 'psst');
  await ann.page.getByRole('link', { name: /bob.*1 mention/ }).click();
  await message(ann, 'psst').waitFor();
});

test('on two devices: what waits is alike on both, and read on one it is read on the other', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada');
  const session = await (await stage.server.api('POST', '/api/v1/sessions', { body: { username: 'ada', password: 'correct horse' } })).json();
  const other = await stage.visitor({ at: '#/channels', storage: { 'antiphon.token': session.token } });
  const bob = await stage.person('bob', { at: null });
  const B = await bob.socket('/chat');
  const say = (text) => must(B, 'MESSAGE_SENT', { groupId: lobby, message: text });
  const both = [ada, other];
  const unread = (person, n) => place(person, /lobby/).getByText(`${n} unread message${n === 1 ? '' : 's'}`, { exact: true }).waitFor();
  const nothing = async (person) => {
    await place(person, /lobby/).getByText(/unread|mention/).waitFor({ state: 'detached' });
    await person.page.waitForFunction(() => !document.title.startsWith('('));
    await person.page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  };
  // The line is the first thing in view or stands somewhere in it; which message comes below it.
  const line = async ({ page }) => {
    const separator = page.getByRole('separator').filter({ hasText: 'New messages' });
    await separator.waitFor();
    return separator.evaluate((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return { above: Number(one.nextElementSibling.dataset.seq), inView: top >= 0 && bottom <= innerHeight };
    });
  };
  for (const person of both) await person.page.evaluate(() => { globalThis.isSamePage = true; });
  for (const n of [1, 2, 3]) await say(`read at once ${n}`);
  await message(ada, 'read at once 3').waitFor();
  await nothing(other);

  await ada.go('#/channels');
  await ada.page.getByRole('heading', { name: 'Find groups' }).waitFor();
  await say('one');
  for (const person of both) await unread(person, 1);
  await say('two, @ada');
  for (const person of both) {
    await place(person, /lobby/).getByText('1 mention').waitFor();
    await person.page.getByRole('button', { name: 'Notifications (1)' }).waitFor();
    await person.page.waitForFunction(() => document.title.startsWith('(2) '));
  }
  await place(other, /lobby/).click();
  assert.deepEqual(await line(other), { above: 4, inView: true });
  for (const person of both) await nothing(person);

  // More than there is room for: what is not in sight is not read yet.
  await other.go('#/channels');
  await other.page.getByRole('heading', { name: 'Find groups' }).waitFor();
  for (let n = 1; n <= 80; n++) B.emit('MESSAGE_SENT', { groupId: lobby, message: `many ${n}` });
  for (const person of both) await unread(person, 80);
  await place(ada, /lobby/).click();
  assert.deepEqual(await line(ada), { above: 6, inView: true });
  await place(other, /lobby/).getByText(/^[1-7]\d unread messages$/).waitFor();
  await ada.page.getByRole('button', { name: 'To the newest message' }).click();
  await message(ada, 'many 80').waitFor();
  for (const person of both) await nothing(person);
  // Who comes back finds no line: all of it is read.
  await place(other, /lobby/).click();
  await message(other, 'many 80').waitFor();
  assert.equal(await other.page.getByRole('separator').count(), 0);
  for (const person of both) assert.equal(await person.page.evaluate(() => globalThis.isSamePage), true);
});

test('three people: who was elsewhere sees how much is new, and a line above it', async (t) => {
  const stage = await open(t);
  const [ann, bob, eve] = [await stage.person('ann'), await stage.person('bob'), await stage.person('eve', { language: 'fr' })];
  await write(ann, 'are you there?');
  for (const person of [bob, eve]) await message(person, 'are you there?').waitFor();
  await bob.page.getByRole('link', { name: 'Find groups' }).click();
  await bob.page.getByRole('heading', { name: 'Find groups' }).waitFor();
  await write(ann, 'yes?');
  await message(eve, 'yes?').waitFor();
  await write(eve, 'oui');
  await message(ann, 'oui').waitFor();
  const there = place(bob, /lobby/);
  await there.getByText('2 unread messages').waitFor();
  await there.click();
  await bob.page.getByRole('separator').getByText('New messages').waitFor();
  assert.deepEqual(await texts(bob), ['are you there?', 'yes?', 'oui']);
  await there.getByText('unread').waitFor({ state: 'detached' });
  await bob.page.reload();
  await message(bob, 'oui').waitFor();
  assert.equal(await bob.page.getByRole('separator').count(), 0);
});

test('what is written without the server waits, outlives a reload, and is sent once, in order', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob')];
  await write(ann, 'before');
  await message(bob, 'before').waitFor();
  ann.tolerates(/ERR_INTERNET_DISCONNECTED|WebSocket|fetching the script/);
  await ann.context.setOffline(true);
  await ann.sees('The server is out of reach');
  for (const text of ['first', 'second', 'third']) await write(ann, text);
  assert.equal(await message(ann, 'Waiting to be sent').count(), 3);
  const { page } = ann;
  await ann.context.setOffline(false);
  for (const text of ['first', 'second', 'third']) await message(bob, text).waitFor();
  await page.waitForFunction(() => !document.body.innerText.includes('Waiting to be sent'));
  assert.deepEqual(await texts(bob), ['before', 'first', 'second', 'third']);
  assert.deepEqual(await texts(ann), ['before', 'first', 'second', 'third']);
});

test('what waits outlives a reload; what is refused says why, and can be deleted', async (t) => {
  const stage = await open(t);
  const ann = await stage.person('ann');
  await write(ann, 'before');
  await ann.page.locator('[data-seq="1"]').waitFor();
  // A message that an earlier page could not send, and one into a group that is not there.
  const { id } = ann.account.user;
  await ann.page.evaluate(([user, group]) => {
    const waiting = (clientId, groupId, message, fields) => localStorage.setItem(`antiphon.out.${user}.${clientId}`, JSON.stringify({
      clientId, groupId, message, replyTo: null, files: [], tracks: [], timestamp: new Date().toISOString(), refused: null, ...fields,
    }));
    waiting('1', group, 'from before the reload');
    waiting('2', group, 'an answer to nothing', { replyTo: '01900000-0000-7000-8000-00000000dead' });
  }, [id, lobby]);
  await ann.page.reload();
  await ann.page.locator('[data-seq="2"]').getByText('from before the reload').waitFor();
  const refused = message(ann, 'an answer to nothing');
  await refused.getByRole('alert').getByText(/^Not sent: /).waitFor();
  await ann.audit('a message that was refused');
  await refused.getByRole('button', { name: 'Delete' }).click();
  await refused.waitFor({ state: 'detached' });
  await ann.page.reload();
  await message(ann, 'from before the reload').waitFor();
  assert.equal(await refused.count(), 0);
});

test('the server restarts in the middle: no reload, no gap, no double', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob')];
  for (const person of [ann, bob]) {
    person.tolerates(/ERR_CONNECTION_REFUSED|WebSocket|fetching the script/);
    await person.page.evaluate(() => { globalThis.isSamePage = true; });
  }
  await write(ann, 'one');
  await write(bob, 'two');
  await message(ann, 'two').waitFor();
  await message(bob, 'one').waitFor();
  await stage.server.kill();
  await ann.sees('The server is out of reach');
  await write(ann, 'three');
  await write(bob, 'four');
  stage.server.listen = new URL(stage.server.url).host;
  await stage.server.start();
  for (const person of [ann, bob]) {
    for (const text of ['three', 'four']) await message(person, text).waitFor();
    await person.page.waitForFunction(() => !document.body.innerText.includes('Waiting to be sent'));
    const seen = await texts(person);
    assert.deepEqual([...seen].sort(), ['four', 'one', 'three', 'two']);
    assert.equal(await person.page.evaluate(() => globalThis.isSamePage), true);
  }
  assert.deepEqual(await texts(ann), await texts(bob));
});

test('what others changed meanwhile is there after a long absence', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob', { at: null })];
  const B = await bob.socket('/chat');
  const first = await must(B, 'MESSAGE_SENT', { groupId: lobby, message: 'as it was' });
  const second = await must(B, 'MESSAGE_SENT', { groupId: lobby, message: 'to be deleted' });
  await message(ann, 'to be deleted').waitFor();
  ann.tolerates(/ERR_INTERNET_DISCONNECTED|WebSocket|fetching the script/);
  await ann.context.setOffline(true);
  await ann.sees('The server is out of reach');
  await must(B, 'MESSAGE_EDITED', { messageId: first.messageId, message: 'as it is' });
  await must(B, 'MESSAGE_DELETED', { messageId: second.messageId });
  await must(B, 'MESSAGE_REACTION', { messageId: first.messageId, reaction: '🎵', on: true });
  await must(B, 'MESSAGE_SENT', { groupId: lobby, message: 'and more' });
  await ann.context.setOffline(false);
  await message(ann, 'and more').waitFor();
  await message(ann, 'as it is').getByRole('button', { name: '🎵: bob' }).waitFor();
  await message(ann, 'This message was deleted.').waitFor();
  assert.deepEqual(await texts(ann), ['as it is', 'This message was deleted.', 'and more']);
});

test('a burst of 500 messages: none is lost, and they stand in order', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob', { at: null })];
  const B = await bob.socket('/chat');
  await box(ann).waitFor();
  for (let i = 1; i <= 500; i++) B.emit('MESSAGE_SENT', { groupId: lobby, message: `burst ${i}` });
  await message(ann, /^.*burst 500$/).waitFor();
  const seen = new Set();
  await log(ann).hover();
  // From the end to the beginning, a screen at a time.
  for (let first = 501; first > 1;) {
    const rows = await log(ann).getByRole('article').evaluateAll((all) => all.map((row) => [Number(row.dataset.seq), row.innerText]));
    const numbers = rows.map(([seq, text]) => [seq, Number(/burst (\d+)/.exec(text)?.[1])]);
    for (const [seq, n] of numbers) {
      assert.equal(n, seq);
      seen.add(n);
    }
    const next = Math.min(...numbers.map(([seq]) => seq));
    first = Math.min(first, next);
    if (first > 1) {
      await log(ann).evaluate((frame) => frame.scrollBy(0, -frame.clientHeight / 2));
      await ann.page.waitForFunction((before) => [...document.querySelectorAll('[data-seq]')].some((row) => Number(row.dataset.seq) < before), first);
    }
  }
  assert.equal(seen.size, 500);
});

test('files go along by drop and by the button; an upload can be paused, go on, and be taken back', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob')];
  const large = Buffer.alloc(6_000_000, 'antiphon ');
  // Slow enough that there is something to pause.
  await ann.page.route('**/api/v1/uploads/*', async (route) => {
    if (route.request().method() === 'PATCH') await ann.held;
    await route.continue();
  });
  let release;
  ann.held = new Promise((resolve) => { release = resolve; });
  await ann.page.locator('input[type=file]').setInputFiles([{ name: 'large.txt', mimeType: 'text/plain', buffer: large }]);
  await ann.page.getByRole('progressbar', { name: 'Uploading large.txt' }).waitFor();
  await ann.audit('a file on its way');
  await ann.page.getByRole('button', { name: 'Pause' }).click();
  await ann.sees('Paused');
  release();
  await ann.page.getByRole('button', { name: 'Resume' }).click();
  await ann.page.getByRole('progressbar').waitFor({ state: 'detached' });
  await write(ann, 'here it is');
  const link = message(bob, 'here it is').getByRole('link', { name: /large\.txt/ });
  await link.waitFor();
  const file = await stage.server.api('GET', await link.getAttribute('href'), { token: bob.token });
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), large);

  ann.held = new Promise(() => {});
  await ann.page.locator('input[type=file]').setInputFiles([{ name: 'wrong.txt', mimeType: 'text/plain', buffer: large.subarray(1) }]);
  await ann.page.getByRole('button', { name: 'Remove wrong.txt' }).click();
  await ann.page.getByRole('progressbar').waitFor({ state: 'detached' });
  ann.held = Promise.resolve();

  // Two by drop; a picture is shown, and what was sent without words has no text.
  const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const data = await ann.page.evaluateHandle((base64) => {
    const all = new DataTransfer();
    all.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'dot.png', { type: 'image/png' }));
    all.items.add(new File(['words'], 'words.txt', { type: 'text/plain' }));
    return all;
  }, picture);
  await box(ann).dispatchEvent('dragenter', { dataTransfer: data });
  await ann.sees('Drop files or a track here');
  await box(ann).dispatchEvent('drop', { dataTransfer: data });
  await ann.page.getByRole('button', { name: 'Remove words.txt' }).waitFor();
  await box(ann).press('Enter');
  const image = log(bob).getByRole('img', { name: 'dot.png' });
  await image.waitFor();
  await image.evaluate((one) => one.decode());
  await log(bob).getByRole('link', { name: /words\.txt/ }).waitFor();
});

test('a group is made, found, joined, filled and left', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob', { at: '#/channels' })];
  await ann.page.getByRole('button', { name: 'New conversation' }).click();
  await ann.page.getByRole('textbox', { name: 'Name' }).fill('choir');
  await ann.page.getByRole('button', { name: 'Create' }).click();
  await ann.page.getByRole('heading', { name: 'choir', level: 1 }).waitFor();
  await bob.page.getByRole('searchbox', { name: 'Find by name' }).fill('choi');
  await bob.page.getByRole('button', { name: 'Join' }).click();
  await bob.page.getByRole('heading', { name: 'choir', level: 1 }).waitFor();
  await write(bob, 'I have come to sing');
  await message(ann, 'I have come to sing').waitFor();
  await ann.sees('2 members');
  await ann.page.getByRole('button', { name: 'Show members' }).click();
  await ann.page.getByRole('complementary', { name: 'Members' }).getByRole('link', { name: /bob/ }).hover();
  await ann.audit('a conversation with its members');
  await ann.page.getByRole('button', { name: 'Remove bob' }).click();
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Remove bob' }).click();
  await bob.sees('You are not a member of this group.');
  await ann.page.getByRole('button', { name: 'Add people' }).click();
  await ann.page.getByRole('dialog').getByRole('button', { name: /bob/ }).click();
  await ann.audit('adding people');
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await message(bob, 'I have come to sing').waitFor();
  await bob.page.getByRole('button', { name: 'Leave' }).click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await bob.page.getByRole('heading', { name: 'lobby', level: 1 }).waitFor();
  await ann.sees('1 member');
});

test('a message is found by its words, and one goes to it in a long conversation', async (t) => {
  const stage = await open(t);
  const bob = await stage.person('bob', { at: null });
  const B = await bob.socket('/chat');
  for (let i = 1; i <= 600; i++) B.emit('MESSAGE_SENT', { groupId: lobby, message: i === 77 ? 'the needle' : `hay ${i}` });
  await must(B, 'MESSAGE_SENT', { groupId: lobby, message: 'the end' });
  const ann = await stage.person('ann', { at: '#/search' });
  await ann.page.getByRole('searchbox', { name: 'Words to find' }).fill('need');
  await ann.sees('1 message');
  await ann.audit('a search');
  await ann.page.getByRole('link', { name: 'Go to the message' }).click();
  await message(ann, 'the needle').filter({ visible: true }).waitFor();
  await ann.page.waitForFunction(() => {
    const row = document.querySelector('[data-seq="77"]')?.getBoundingClientRect();
    return row && row.top > 0 && row.bottom < innerHeight;
  });
  await message(ann, 'hay 76').waitFor();
  await ann.page.getByRole('button', { name: 'To the newest message' }).click();
  await message(ann, 'the end').waitFor();
});

test('by keyboard alone', async (t) => {
  const stage = await open(t);
  const ann = await stage.person('ann');
  const { keyboard } = ann.page;
  await box(ann).waitFor();
  await ann.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  for (const text of ['alpha', 'beta', 'gamma']) {
    await keyboard.type(text);
    await keyboard.press('Enter');
    await message(ann, text).waitFor();
  }
  await ann.page.locator('[data-seq="3"]').waitFor(); // it is sent, and waits no more
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await ann.page.waitForFunction(() => document.activeElement?.closest('[data-seq="3"]'));
  await message(ann, 'gamma').focus();
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  await ann.page.waitForFunction(() => document.activeElement?.matches('[data-seq="1"]'));
  await keyboard.press('Tab'); // the author's name
  for (let i = 0; i < 3; i++) await keyboard.press('Tab');
  await keyboard.press('Enter');
  await message(ann, 'alpha').getByRole('button', { name: /: you$/ }).waitFor();
  await keyboard.press('Escape');
  await ann.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await keyboard.type(':musical_no');
  await ann.page.getByRole('option', { name: ':musical_note:' }).waitFor();
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await message(ann, '🎵').waitFor();
});

test('on a phone, in French', async (t) => {
  const stage = await open(t);
  const ann = await stage.person('ann', { language: 'fr', viewport: phone });
  const bob = await stage.person('bob');
  await ann.audit('the side on a phone');
  await ann.page.getByRole('link', { name: /lobby/ }).click();
  await box(ann).fill('Bonjour');
  await ann.page.getByRole('button', { name: 'Envoyer' }).click();
  await message(bob, 'Bonjour').waitFor();
  await write(bob, 'Salut');
  await message(ann, 'Salut').waitFor();
  await ann.sees('Aujourd’hui');
  await message(ann, 'Salut').tap();
  await message(ann, 'Salut').getByRole('button', { name: 'Répondre' }).click();
  await ann.sees('Réponse à bob');
  await ann.audit('a conversation on a phone');
  await ann.page.getByRole('button', { name: 'Afficher les membres' }).click();
  await ann.sees('Présents');
  await ann.audit('members on a phone');
  await ann.page.getByRole('complementary').getByRole('button', { name: 'Fermer' }).click();
  await ann.page.getByRole('link', { name: 'Retour à l’accueil' }).click();
  await ann.page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  const wide = await ann.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false);
});

test('what is hostile stays text, in messages and in names', async (t) => {
  const stage = await open(t);
  const ann = await stage.person('ann');
  const bob = await stage.person('bob', { at: null, displayName: '<img src=x onerror=alert(1)>' });
  stage.server.sql("UPDATE user SET display_name = char(0x202e) || display_name WHERE username = 'bob'");
  const B = await bob.socket('/chat');
  await ann.page.exposeFunction('alert', () => assert.fail('a script ran'));
  for (const text of hostile) await must(B, 'MESSAGE_SENT', { groupId: lobby, message: text });
  await must(B, 'MESSAGE_SENT', { groupId: lobby, message: `zalgo ${'e\u0301'.repeat(50)}${'\u0301'.repeat(200)} the end` });
  await message(ann, 'the end').waitFor();
  assert.equal(hostile.length >= 31, true);
  const found = await ann.page.evaluate(() => {
    const bad = 'script, iframe, object, embed, style, form, base, meta, template, img, svg[onload], [onerror], [onclick]';
    return document.querySelector('[role=log]')?.querySelectorAll(bad).length;
  });
  assert.equal(found, 0);
  for (const href of await log(ann).locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))) {
    assert.match(href, /^(https?:|mailto:|#\/)/);
  }
  await ann.audit('hostile messages');
});

test('pictures are shown; one that would need gigabytes, and one that is none, are links', async (t) => {
  const stage = await open(t);
  const [ann, bob] = [await stage.person('ann'), await stage.person('bob', { at: null })];
  const B = await bob.socket('/chat');
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
  const huge = Buffer.from(png);
  huge.writeUInt32BE(30_000, 16);
  huge.writeUInt32BE(30_000, 20);
  const cut = png.subarray(0, 20);
  const fileIds = [];
  for (const [fileName, data] of [['dot.png', png], ['huge.png', huge], ['cut.png', cut]]) {
    fileIds.push((await must(B, 'FILE_UPLOADED', { groupId: lobby, fileName, data })).fileId);
  }
  await must(B, 'MESSAGE_SENT', { groupId: lobby, message: 'three pictures', fileIds });
  const shown = message(ann, 'three pictures');
  await shown.getByRole('img', { name: 'dot.png' }).waitFor();
  for (const name of ['huge.png', 'cut.png']) await shown.getByRole('link', { name: new RegExp(name) }).getByText(/Large picture/).waitFor();
  assert.equal(await shown.getByRole('img', { name: /huge|cut/ }).count(), 0);
});

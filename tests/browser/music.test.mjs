// SPDX-License-Identifier: MIT
//
// music - people publish, find, hear, rate, discuss and take back music, with real audio.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { must } from '../scenario/lib/antiphon.mjs';
import { mp3, ogg } from '../scenario/lib/music.mjs';
import { png } from '../scenario/lib/pictures.mjs';
import { upload } from '../scenario/lib/tus.mjs';
import { audioOf, hears, publishTones, tagged, tone } from './lib/audio.mjs';
import { open, phone } from './lib/stage.mjs';

const button = (person, name) => person.page.getByRole('button', { name, exact: typeof name === 'string' });
const filesOf = (person) => person.page.getByLabel(/Choose audio files|Choisir des fichiers audio/);

async function picture(page) {
  return Buffer.from(await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(64, 64);
    const context = canvas.getContext('2d');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 64, 64);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  }));
}

test('a track from its file to its end: tags, live, heard, discussed, rated, downloaded, changed, taken back', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: '#/music/publish' });
  const bob = await stage.person('bob', { at: '#/music' });
  await bob.sees('No music yet');
  await bob.audit('an empty library');
  await ada.audit('publishing, before a file');

  const bytes = tagged(mp3(), { title: 'Frontières', artist: 'Ada', album: 'First', genre: 'Chiptune', year: '2007', picture: await picture(ada.page) });
  await filesOf(ada).setInputFiles({ name: 'one.mp3', mimeType: 'audio/mpeg', buffer: bytes });
  const card = ada.page.getByRole('form', { name: 'one.mp3' });
  await card.locator('input[value="Frontières"]').or(card.getByLabel('Title')).first().waitFor();
  await button(ada, 'Publish').waitFor();
  for (const [label, value] of [['Title', 'Frontières'], ['Artist', 'Ada'], ['Album', 'First'], ['Genre', 'Chiptune'], ['Year', '2007'], ['Tags', 'Chiptune']])
    assert.equal(await card.getByLabel(label, { exact: true }).inputValue(), value, label);
  await ada.audit('publishing, with a file');
  await card.getByLabel('Tags').fill('game, open');
  await button(ada, 'Publish').click();
  await ada.sees('Published:');

  const row = bob.page.getByRole('row').filter({ hasText: 'Frontières' });
  await row.waitFor();
  await bob.page.waitForFunction(() => document.querySelector('[role=row] img')?.naturalWidth > 0); // the cover from the file
  await bob.audit('the library');
  await row.getByRole('button', { name: 'Play “Frontières”', exact: true }).click();
  await hears(bob.page);
  await bob.page.getByRole('slider', { name: 'Position' }).fill('400000');
  await hears(bob.page, 399);

  await bob.page.getByRole('region', { name: 'Player' }).getByRole('link', { name: 'Frontières' }).click();
  await bob.page.getByRole('slider', { name: 'Moment of the track' }).waitFor();
  await bob.page.locator('main svg path').nth(1).waitFor({ state: 'attached' });
  await bob.page.getByLabel('Comment', { exact: true }).fill('Here it begins.');
  await button(bob, 'Publish comment').click();
  await bob.sees('1 comment');
  await bob.audit('a track');

  await ada.page.getByRole('link', { name: 'Frontières' }).click();
  await ada.sees('Here it begins.');
  const link = ada.page.getByRole('link', { name: /^6:4\d$/ });
  const { notifications } = await must(await ada.socket('/chat'), 'LIST_NOTIFICATIONS', {});
  assert.equal(notifications[0].notificationType, 'comment');
  await link.click();
  await hears(ada.page, 398);
  await ada.page.getByRole('status').filter({ hasText: 'Here it begins.' }).waitFor();

  await bob.page.getByRole('radio', { name: '4 stars' }).check();
  await ada.page.getByText('4 of 5, 1 rating').waitFor({ state: 'attached' });
  const [download] = await Promise.all([bob.page.waitForEvent('download'), button(bob, 'Download').click()]);
  assert.equal(download.suggestedFilename(), 'Ada - Frontières.mp3');
  assert.ok(readFileSync(await download.path()).equals(bytes), 'every byte');

  await button(ada, 'Edit').click();
  await ada.audit('the dialog that changes a track', 'dialog');
  await ada.page.getByRole('dialog').getByLabel('Title').fill('Frontiers');
  await button(ada, 'Save').click();
  await bob.page.getByRole('heading', { name: 'Frontiers' }).waitFor();
  await bob.page.getByRole('region', { name: 'Player' }).getByRole('link', { name: 'Frontiers' }).waitFor();

  await button(ada, 'Take back').click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await bob.sees('This track has been taken back.');
  await bob.page.getByRole('region', { name: 'Player' }).getByRole('link').waitFor({ state: 'hidden' });
  await ada.sees('No music yet');
});

test('several files at once, of which one is no audio; an upload is given up, and nothing typed is lost', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: '#/music/publish' });
  await filesOf(ada).setInputFiles([
    { name: 'two.ogg', mimeType: 'audio/ogg', buffer: ogg() },
    { name: 'notes.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('these are notes and no music') },
  ]);
  const dropped = await ada.page.evaluateHandle((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'three.wav', { type: 'audio/wav' }));
    return data;
  }, [...tone(3)]);
  await ada.page.getByRole('heading', { name: 'Publish music' }).dispatchEvent('drop', { dataTransfer: dropped });
  const form = (name) => ada.page.getByRole('form', { name });
  await ada.sees(/“notes.mp3” does not look like audio/);
  await ada.page.route('**/api/v1/uploads/*', () => {}); // the bytes never arrive
  await form('two.ogg').getByLabel('Artist').fill('Typed by hand');
  await form('two.ogg').getByRole('button', { name: 'Publish', exact: true }).click();
  await form('two.ogg').getByRole('progressbar').waitFor();
  await ada.audit('an upload under way');
  await form('two.ogg').getByRole('button', { name: 'Pause the upload' }).click();
  await form('two.ogg').getByRole('button', { name: 'Go on with the upload' }).click();
  await form('two.ogg').getByRole('button', { name: 'Pause the upload' }).waitFor();
  await form('two.ogg').getByRole('button', { name: 'Cancel' }).click();
  await form('two.ogg').getByRole('button', { name: 'Publish', exact: true }).waitFor();
  assert.equal(await form('two.ogg').getByLabel('Artist').inputValue(), 'Typed by hand');
  await ada.page.unrouteAll({ behavior: 'ignoreErrors' });

  await button(ada, 'Publish 3 tracks').click();
  await form('two.ogg').getByText('Published:').waitFor();
  await form('three.wav').getByText('Published:').waitFor();
  await form('notes.mp3').getByRole('alert').filter({ hasText: /audio/i }).waitFor();
  assert.equal(await form('notes.mp3').getByLabel('Title').inputValue(), 'notes');
  await form('three.wav').getByLabel('Title').waitFor({ state: 'hidden' });
  await form('notes.mp3').getByLabel('Title').fill('');
  await form('notes.mp3').getByRole('button', { name: 'Publish', exact: true }).click();
  await ada.sees('A track needs a title.');
  await form('notes.mp3').getByRole('button', { name: 'Leave notes.mp3 out' }).click();
  await form('notes.mp3').waitFor({ state: 'detached' });
});

test('a cover in a file’s tags that is enormous when it is shown is not shown, and what the server says of it is', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: '#/music/publish' });
  ada.expects(/413/);
  const tags = { title: 'Large', artist: 'Ada', album: '', genre: '', year: '2007' };
  await filesOf(ada).setInputFiles({ name: 'one.mp3', mimeType: 'audio/mpeg', buffer: tagged(mp3(), { ...tags, picture: png(8000, 5001) }) });
  await ada.sees(/larger than 10 MiB or 40 megapixels/);
  const form = ada.page.getByRole('form', { name: 'one.mp3' });
  assert.equal(await form.getByRole('img').or(form.locator('img')).count(), 0);
  await button(ada, 'Publish').click();
  await ada.sees('The picture has 40008000 pixels; at most 40000000 are shown: make it smaller.');
  await form.getByRole('button', { name: 'Without cover' }).click();
  await button(ada, 'Publish').click();
  await ada.sees('Published:');

  await ada.page.getByRole('link', { name: 'Large' }).click();
  await button(ada, 'Edit').click();
  await ada.page.getByRole('dialog').locator('input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png(8000, 5001) });
  await button(ada, 'Save').click();
  await ada.page.getByRole('dialog').getByText('The picture has 40008000 pixels').waitFor();
});

test('the player goes on across pages, has a queue in an order of one’s own, and is remembered', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null });
  await publishTones(stage.server, ada.token, ['Delta', 'Gamma', 'Beta', 'Alpha']);
  await ada.page.addInitScript(() => {
    globalThis.mediaKeys = {};
    navigator.mediaSession.setActionHandler = (action, take) => { globalThis.mediaKeys[action] = take; };
  });
  await ada.go('#/music');
  const player = ada.page.getByRole('region', { name: 'Player' });
  const plays = (title) => player.getByRole('link', { name: title, exact: true }).waitFor();
  await button(ada, 'Play “Alpha”').click();
  await hears(ada.page);
  await ada.page.getByRole('link', { name: 'Settings' }).click();
  const { currentTime } = await audioOf(ada.page);
  await hears(ada.page, currentTime);
  await ada.audit('the player');

  assert.equal(await ada.page.evaluate(() => navigator.mediaSession.metadata.title), 'Alpha');
  assert.deepEqual(await ada.page.evaluate(() => Object.keys(globalThis.mediaKeys).sort()),
    ['nexttrack', 'pause', 'play', 'previoustrack', 'seekbackward', 'seekforward', 'seekto', 'stop']);
  await ada.page.evaluate(() => globalThis.mediaKeys.nexttrack({ action: 'nexttrack' }));
  await plays('Beta');
  await ada.page.evaluate(() => globalThis.mediaKeys.seekto({ action: 'seekto', seekTime: 7 }));
  await hears(ada.page, 6.9);

  await button(ada, 'Queue').click();
  const queue = ada.page.getByRole('dialog', { name: 'Queue' });
  const lists = (...wanted) => ada.page.waitForFunction((titles) =>
    [...document.querySelectorAll('dialog li .line:first-child')].map((one) => one.textContent).join() === titles, wanted.join());
  await lists('Alpha', 'Beta', 'Gamma', 'Delta');
  await ada.audit('the queue', 'dialog');
  await queue.getByRole('button', { name: 'Move “Delta” up' }).click();
  await queue.getByRole('button', { name: 'Take “Alpha” out of the queue' }).click();
  await lists('Beta', 'Delta', 'Gamma');
  await queue.getByRole('button', { name: 'Shuffle' }).click();
  await queue.getByRole('button', { name: 'Shuffle', pressed: true }).waitFor();
  await queue.getByRole('listitem').filter({ hasText: 'Beta' }).and(queue.locator('li:first-child')).waitFor();
  assert.equal(await queue.getByRole('listitem').count(), 3);
  await queue.getByRole('button', { name: 'Shuffle' }).click();
  await lists('Beta', 'Delta', 'Gamma');
  await ada.page.goBack(); // a dialog ends with the page that it was opened on
  await queue.waitFor({ state: 'hidden' });

  const near = () => player.getByRole('slider', { name: 'Position' }).fill('19000'); // of 20 seconds
  await button(ada, 'Repeat: off').click();
  await button(ada, 'Repeat: the queue').click();
  await near();
  await ada.page.waitForFunction(() => document.querySelector('audio').currentTime < 5); // Beta again
  await plays('Beta');
  await button(ada, 'Repeat: this track').click();
  await near();
  await plays('Delta');
  await hears(ada.page);
  await player.getByRole('combobox', { name: 'Speed' }).selectOption('1.5');
  await player.getByRole('slider', { name: 'Volume' }).fill('0.5');
  const other = await ada.tab('#/music');
  await button(other, 'Play “Alpha”').click();
  await hears(other.page);
  await ada.page.waitForFunction(() => document.querySelector('audio').paused);
  await other.page.close();
  await button(ada, 'Play').click();
  await hears(ada.page);
  await near();
  await plays('Gamma');
  await hears(ada.page, 0.5);
  await button(ada, 'Pause').click();
  const before = await audioOf(ada.page);

  await ada.page.reload();
  await plays('Gamma');
  assert.equal((await audioOf(ada.page)).paused, true);
  await button(ada, 'Play').click();
  await hears(ada.page, before.currentTime - 0.1);
  const after = await audioOf(ada.page);
  assert.deepEqual([after.playbackRate, after.volume], [1.5, 0.5]);
  assert.ok(after.currentTime < 15, 'from where it was, not from elsewhere');
});

test('what cannot be played is said, and the next one plays', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null });
  const [, broken] = await publishTones(stage.server, ada.token, ['Whole', 'Broken']);
  ada.expects(/404/);
  await ada.page.route(`**/tracks/${broken.id}/audio*`, (route) => route.fulfill({ status: 404, body: '' }));
  await ada.go('#/music');
  await button(ada, 'Play “Broken”').click();
  await ada.sees('“Broken” cannot be played.');
  await hears(ada.page);
  await ada.page.getByRole('region', { name: 'Player' }).getByRole('link', { name: 'Whole' }).waitFor();
});

test('audio that is none is said, and the next one plays', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null });
  const [, broken] = await publishTones(stage.server, ada.token, ['Whole', 'Noise']);
  await ada.page.route(`**/tracks/${broken.id}/audio*`, (route) => route.fulfill({ status: 200, contentType: 'audio/wav', body: 'RIFF, says the file, and is none' }));
  await ada.go('#/music');
  await button(ada, 'Play “Noise”').click();
  await ada.sees('“Noise” cannot be played.');
  await hears(ada.page);
  await ada.page.getByRole('region', { name: 'Player' }).getByRole('link', { name: 'Whole' }).waitFor();
});

test('by keyboard alone: find, play, move the player, rate', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null });
  await publishTones(stage.server, ada.token, Array.from({ length: 130 }, (_, i) => `Tone ${i}`), { seconds: 1, tags: ['many'] });
  await publishTones(stage.server, ada.token, ['Other', 'Wanted']);
  await ada.go('#/music');
  const { page } = ada;
  await ada.sees('132 tracks');
  const rows = page.getByRole('row');
  await rows.filter({ hasText: 'Wanted' }).focus();
  await page.keyboard.press('End');
  await rows.filter({ hasText: 'Tone 0' }).and(page.locator(':focus')).waitFor();
  assert.ok((await rows.count()) < 60, 'only the rows in sight are in the page');
  await page.keyboard.press('Home');
  await rows.filter({ hasText: 'Wanted' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('ArrowDown');
  await rows.filter({ hasText: 'Other' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await hears(page);
  await page.keyboard.press('k');
  await page.waitForFunction(() => document.querySelector('audio').paused);
  await page.keyboard.press('l');
  await page.waitForFunction(() => document.querySelector('audio').currentTime >= 10);
  await page.keyboard.press('m');
  await page.waitForFunction(() => document.querySelector('audio').muted);
  await page.getByRole('combobox', { name: 'Tag' }).fill('many');
  await page.keyboard.press('Enter');
  await ada.sees('130 tracks');
  await page.getByRole('combobox', { name: 'Tag' }).fill('');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Order' }).selectOption('title');
  await rows.nth(1).filter({ hasText: 'Other' }).waitFor();
  await page.getByRole('combobox', { name: 'Person' }).fill('ada');
  await ada.sees('By ada');
  await button(ada, 'Of everybody').click();
  await page.getByRole('searchbox', { name: /^Title, artist/ }).focus();
  await page.keyboard.type('wanted km');
  assert.equal((await audioOf(page)).muted, true, 'keys that are typed move nothing');
  await ada.sees('Nothing matches');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('want');
  await ada.sees('1 track');
  await rows.filter({ hasText: 'Wanted' }).getByRole('link', { name: 'Wanted' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: '1 star' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText('3 of 5, 1 rating').waitFor({ state: 'attached' });
  const slider = page.getByRole('slider', { name: 'Moment of the track' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await slider.getAttribute('aria-valuetext'), '0:01 of 0:20');
});

test('a track goes into conversations: dragged there from the library and from the player, and shared; it plays in place', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null });
  const [track] = await publishTones(stage.server, ada.token, ['Dragged']);
  await ada.go('#/music');
  const bob = await stage.person('bob');
  await bob.page.getByRole('link', { name: /lobby/ }).click();
  await ada.page.getByRole('row').filter({ hasText: 'Dragged' }).dragTo(ada.page.getByRole('link', { name: /lobby/ }));
  await ada.page.waitForURL(/#\/g\//);
  await ada.page.getByLabel(/^Write to /).fill('listen');
  await ada.page.keyboard.press('Enter');
  const card = (person) => person.page.getByRole('article', { name: 'Dragged, by The Tones' });
  await card(bob).waitFor();
  await card(bob).getByRole('button', { name: 'Play “Dragged”' }).click();
  await hears(bob.page);
  await card(bob).getByRole('slider', { name: 'Position' }).waitFor();
  await bob.audit('a track in a conversation', 'article');

  const zone = ada.page.getByLabel(/^Write to /);
  await card(ada).getByRole('button', { name: 'Play “Dragged”' }).click();
  await hears(ada.page);
  await ada.page.getByRole('region', { name: 'Player' }).getByRole('link', { name: 'Dragged' }).dragTo(zone);
  await zone.fill('again');
  await ada.page.keyboard.press('Enter');
  await card(bob).nth(1).waitFor();

  await ada.go(`#/music/t/${track.id}`);
  await button(ada, 'Share to a conversation').click();
  const dialog = ada.page.getByRole('dialog', { name: 'Share to a conversation' });
  await dialog.getByRole('radio', { name: /lobby/ }).check();
  await ada.audit('the dialog that shares', 'dialog');
  await dialog.getByLabel('Message').fill('by the dialog');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await bob.sees('by the dialog');
  await card(bob).nth(2).waitFor();

  await bob.go(`#/u/${ada.account.user.id}`);
  await button(bob, 'Write').click();
  await bob.page.waitForURL(/#\/g\//);
  await bob.page.getByLabel(/^Write to /).waitFor();
});

test('in a long track one seeks by Range requests', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null });
  const uploadId = await upload(stage.server, ada.token, tone(3600), { filename: 'hour.wav', purpose: 'track' });
  const music = await ada.socket('/music');
  await must(music, 'USER_CONNECT', {});
  const { track } = await must(music, 'PUBLISH_TRACK', { title: 'An hour', durationMs: 3_600_000, uploadId });
  const ranges = [];
  ada.page.on('request', async (r) => { if (r.url().includes('/audio')) ranges.push((await r.allHeaders()).range ?? ''); });
  await ada.go(`#/music/t/${track.id}/0`);
  await hears(ada.page);
  await ada.page.getByRole('slider', { name: 'Position' }).fill('3400000');
  await hears(ada.page, 3399);
  assert.ok(ranges.some((range) => /^bytes=[1-9]/.test(range)), `sought by a Range request: ${ranges}`);
});

test('a link to a moment plays from there; what one listens to is one’s status, as long as one wants', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null });
  const [track] = await publishTones(stage.server, ada.token, ['Long tone']);
  await ada.go(`#/music/t/${track.id}/12000`);
  await hears(ada.page, 11.9);
  const bob = await stage.person('bob', { at: `#/u/${ada.account.user.id}` });
  await bob.sees('Long tone');
  await bob.audit('a person');
  await button(ada, 'Queue').click();
  await ada.page.getByLabel(/^Show others what I am listening to/).check();
  await bob.sees('♫ Long tone – The Tones');
  await ada.page.keyboard.press('Escape');
  await button(ada, 'Pause').click();
  await bob.seesNot('♫ Long tone – The Tones');
});

test('on a phone, in French and in the dark, with names that want to break the page', async (t) => {
  const stage = await open(t);
  const ada = await stage.person('ada', { at: null, viewport: phone, language: 'fr', theme: 'dark' });
  const hostile = ['<img src=x onerror=alert(1)>', `Z${'\u0301'.repeat(100)}algo`, 'evil.mp3', 'W'.repeat(200)];
  const tracks = await publishTones(stage.server, ada.token, hostile, { seconds: 2, artist: 'N'.repeat(200), tags: ['t'.repeat(50)] });
  stage.server.sql("UPDATE track SET title = char(0x202e) || 'evil' || char(0x202c) || '.mp3' WHERE title = 'evil.mp3'");
  const fits = async (what) => assert.ok(await ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), what);
  await ada.go('#/music');
  await ada.sees('4 morceaux');
  await ada.sees(hostile[0]);
  await fits('the library');
  await ada.audit('the library, on a phone');
  await ada.page.getByRole('button', { name: 'En pochettes' }).click();
  await ada.page.getByRole('gridcell').first().waitFor();
  await ada.audit('the library as covers');
  await ada.page.getByRole('button', { name: /^Lire « W+ »$/ }).click();
  await hears(ada.page);
  await ada.go(`#/music/t/${tracks[3].id}`);
  await ada.page.getByRole('radio', { name: '5 étoiles' }).waitFor();
  await fits('a track');
  await ada.audit('a track, on a phone');
  await ada.go(`#/u/${ada.account.user.id}`);
  await ada.sees('4 morceaux');
  await fits('a person');
  await ada.audit('a person, on a phone');
  await ada.go('#/music/publish');
  await ada.sees('Choisir des fichiers audio');
  await fits('publishing');
  await ada.audit('publishing, on a phone');
});

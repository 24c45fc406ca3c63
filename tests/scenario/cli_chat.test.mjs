// SPDX-License-Identifier: MIT
//
// cli_chat - antiphon chat in a real terminal, against a real server: what is on the screen.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, must, seen, serve } from './lib/antiphon.mjs';
import { antiphon, environment, person, signedIn } from './lib/person.mjs';
import { Terminal } from './lib/terminal.mjs';

const open = (t, p, words = [], { env = {}, ...size } = {}) =>
  new Terminal(t, [antiphon, 'chat', ...words], { env: environment(p, { TERM: 'screen-256color', NO_COLOR: '', ...env }), ...size });

// ann at her terminal, bob by an npm client.
async function two(t, options = {}) {
  const server = await serve(t, options);
  const ann = await signedIn(server, 'ann');
  const bob = await server.register('bob');
  const chat = await server.connect('/chat', bob.token);
  const lobby = (await must(chat, 'GET_SNAPSHOT', {})).data.groups.find((g) => g.name === 'lobby').id;
  return { server, ann, bob, chat, lobby, say: (message, more = {}) => must(chat, 'MESSAGE_SENT', { message, groupId: lobby, ...more }) };
}

test('messages of both are on the screen, in UTF-8, wrapped where words end; who is there, who is writing', async (t) => {
  const { ann, chat, lobby, say } = await two(t);
  await say('hello, world');
  const term = open(t, ann);
  await term.until(/1 \d\d:\d\d bob hello, world/);
  await term.until(/^ #lobby .* 2 of 2 here: ann, bob$/m);
  term.enter('Привет, 日本語 🎉');
  await term.until(/2 \d\d:\d\d ann Привет, 日本語 🎉$/m);
  assert.equal((await seen(chat, 'MESSAGE_RECEIVED')).message, 'Привет, 日本語 🎉');
  await say('日本語'.repeat(12));
  await say(`${'long '.repeat(20)}end`);
  const text = await term.until(/long end$/m);
  for (const row of text.split('\n')) assert.ok([...row].length <= 80);
  assert.match(text, /bob long( long)+$/m);
  assert.match(text, /^ *│ {10}long/m, 'what is wrapped is indented');
  assert.equal(text.match(/[日本語]/g).length, 39, 'no wide character is cut or lost');
  chat.emit('TYPING', { groupId: lobby });
  await term.until(/^ bob is writing/m);
  await say('done');
  await term.until((s) => !s.includes('is writing') && s.includes('done'));
  chat.disconnect();
  await term.until(/ 1 of 2 here: ann$/m);
});

test('a group that is not open counts what is unread; a mention rings and is marked; opening it reads it', async (t) => {
  const { ann, chat, say } = await two(t);
  const term = open(t, ann, [], { columns: 100 });
  await term.until(/\* bob/);
  const { group } = await must(chat, 'GROUP_CREATED', { name: 'quiet', kind: 'private', members: [(await ann.json('whoami')).id] });
  await term.until(/^ quiet /m);
  await must(chat, 'MESSAGE_SENT', { groupId: group.id, message: 'one' });
  await must(chat, 'MESSAGE_SENT', { groupId: group.id, message: 'two' });
  await term.until(/^ quiet +2 │/m);
  assert.ok(!term.rang);
  await must(chat, 'MESSAGE_SENT', { groupId: group.id, message: 'see @ann, three' });
  await term.until(/^ quiet +@3 │/m);
  await term.until(() => term.rang, 'the bell');
  term.press('M-Down');
  const text = await term.until(/see @ann, three/);
  assert.match(text, /─ new ─[^]*bob one/, 'what is new begins with a line');
  await term.until((s) => /^ quiet +│/m.test(s));
  await term.until(() => /\u001b\[1m\u001b\[33m[^\n]*see @ann, three/.test(term.coloured()), 'the mention in its colour');
  for (;;) { // until the server knows that it is read
    const { unread, notifications } = (await ann.json('emit', 'GET_SNAPSHOT')).data;
    if (!unread[group.id] && !notifications.some((n) => n.notificationType === 'mention')) break;
  }
  await say('elsewhere');
  await term.until(/^ #lobby +1 │/m);
  term.press('C-p');
  await term.until(/bob elsewhere/);
});

test('scrolling back loads older messages from the server, stays while others write, and End comes back', async (t) => {
  const { ann, chat, lobby } = await two(t);
  for (let i = 1; i <= 230; i++) await must(chat, 'MESSAGE_SENT', { groupId: lobby, message: `message ${i} of many` });
  const term = open(t, ann);
  await term.until(/message 230 of many/);
  for (let i = 0; i < 40 && !term.text().includes('─ the beginning ─'); i++) {
    const before = term.text();
    term.press('PPage');
    await term.until((s) => s !== before);
  }
  const text = await term.until(/─ the beginning ─[^]*message 1 of many/);
  const rows = text.split('\n').filter((r) => r.includes(' of many'));
  rows.forEach((r, i) => assert.match(r, new RegExp(`message ${i + 1} of many$`), 'in their order, none missing'));
  await must(chat, 'MESSAGE_SENT', { groupId: lobby, message: 'newer' });
  await term.until(/older messages/);
  assert.match(term.text(), /message 1 of many/, 'who reads above is not moved');
  term.press('End');
  await term.until(/bob newer$/m);
});

test('without a connection one reads and writes; what waits is marked, and is there once when the server is back', async (t) => {
  const { server, ann, say } = await two(t);
  await say('before');
  const term = open(t, ann);
  await term.until(/bob before/);
  await term.until(/ann at http/);
  const port = new URL(server.url).port;
  await server.stop();
  await term.until(/^ offline: /m);
  term.enter('sent while nobody was there');
  await term.until(/ann sent while nobody was there \(waiting\)/);
  await term.until(/1 message waits to be sent/);
  // The same port, so that the client finds it again.
  server.arguments = () => ['--listen', `127.0.0.1:${port}`, '--data', server.data];
  await server.start();
  await term.until(/\d\d:\d\d ann sent while nobody was there$/m);
  await term.until(/^ ann at http/m);
  const { messages } = await ann.json('history', 'lobby');
  assert.deepEqual(messages.map((m) => m.message), ['before', 'sent while nobody was there']);
});

test('what waits at the end of the program is sent by the next one; what was known is there before the server is', async (t) => {
  const { server, ann, say } = await two(t);
  await say('known');
  const first = open(t, ann);
  await first.until(/bob known/);
  await first.until(/ann at http/);
  const port = new URL(server.url).port;
  await server.stop();
  await first.until(/^ offline: /m);
  first.enter('for later');
  await first.until(/for later \(waiting\)/);
  first.press('C-d');
  await first.until(/ended with 0/);

  const second = open(t, ann);
  await second.until(/bob known/);
  await second.until(/1 message waits to be sent/);
  server.arguments = () => ['--listen', `127.0.0.1:${port}`, '--data', server.data];
  await server.start();
  await second.until(/\d\d:\d\d ann for later$/m);
});

test('nothing that others write reaches the terminal as more than text', async (t) => {
  const { server, ann, chat, say } = await two(t);
  const evil = '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u009b31m\u202eabc\u2066\u200f\r\u0008\u007f';
  await must(chat, 'GROUP_CREATED', { name: 'bad name', kind: 'channel', members: [] });
  // Names that the server takes no more may stand in a database that an older one wrote.
  server.sql("UPDATE chat_group SET name = 'bad' || char(27) || '[5m' || char(0x202e) || 'name' WHERE name = 'bad name'; UPDATE user SET display_name = 'b' || char(27) || ']0;owned' || char(7) WHERE username = 'bob'");
  await say(evil);
  await must(chat, 'FILE_UPLOADED', { fileName: `x\u001b[31m.txt`, data: Buffer.from('text') }).then((f) => say('a file', { fileIds: [f.fileId] }));
  await say(`zalgo e${'\u0301'.repeat(30)}!`);
  const term = open(t, ann);
  const text = await term.until(/zalgo/);
  assert.match(text, /bob \?\]0;owned\?\?\[2J\?\[31mred\?31m\?abc/);
  assert.match(text, /\[file\] x\?\[31m\.txt, 1 kB/);
  assert.match(text, /zalgo e\u0301{3}!/);
  assert.notEqual(term.title, 'owned');
  term.enter('/search zalgo');
  await term.until(/bob {2}zalgo/);
  term.enter('/join bad');
  await term.until(/^ {9}! |! There is no group/m);
});

test('names, groups and commands are completed; lines that were sent come back', async (t) => {
  const { ann } = await two(t);
  const term = open(t, ann);
  await term.until(/here: ann, bob/);
  term.type('bo');
  term.press('Tab');
  await term.until(/^> bob:$/m);
  term.enter('first');
  await term.until(/ann bob: first$/m);
  term.type('hi @b');
  term.press('Tab');
  await term.until(/^> hi @bob$/m);
  term.press('C-u');
  term.type('/se');
  term.press('Tab');
  await term.until(/^> \/search$/m);
  term.press('C-w');
  term.type('unfinished');
  term.press('Up');
  await term.until(/^> bob: first$/m);
  term.press('Down');
  await term.until(/^> unfinished$/m);
  term.press('Home', 'Right', 'DC', 'C-e', 'BSpace');
  await term.until(/^> ufinishe$/m);
  assert.equal(term.cursor.x, 2 + 8);
  term.press('C-c');
  await term.until(/^>$/m);
  term.paste('two\nlines');
  await term.until(/^> two⏎lines$/m);
  term.press('Enter');
  const text = await term.until(/^ *│ *lines$/m);
  assert.match(text, /ann two$/m);
});

test('commands: answer, edit, delete, react, create, converse, leave; a refusal is told', async (t) => {
  const { ann, bob, chat, say } = await two(t);
  await say('a question');
  const term = open(t, ann);
  await term.until(/bob a question/);
  await term.until(/here: ann, bob/);
  term.enter('/reply 1 an answer');
  await term.until(/> bob: a question\n.*2 \d\d:\d\d ann an answer/);
  term.enter('/edit a better answer');
  await term.until(/ann a better answer \(edited\)/);
  term.enter('/react 1 👍');
  await term.until(/👍 1$/m);
  term.enter('/react 1 👍');
  await term.until((s) => !s.includes('👍'));
  term.enter('/delete');
  await term.until(/ann \(deleted\)/);
  term.enter('/edit 1 not mine');
  await term.until(/^ *│ *! .*\./m);
  term.enter('/clear');
  await term.until((s) => !/! /.test(s));
  term.enter('/nonsense');
  await term.until(/! There is no command \/nonsense/);
  term.enter('//slashed');
  await term.until(/ann \/slashed$/m);

  term.enter('/create music');
  await term.until(/^ #music .*here/m);
  await must(chat, 'USER_CHANGED_GROUP', { newChannelId: { id: (await ann.json('groups', 'music')).groups[0].id } });
  await term.until(/- bob has joined\./);
  term.enter('/leave');
  await term.until(/^ #lobby .*here/m);
  await term.until((s) => !/^ #music/m.test(s));
  term.enter('/msg bob psst');
  await term.until(/^ @bob .*here/m);
  await term.until(/ann psst$/m);
  assert.equal((await seen(chat, 'MESSAGE_RECEIVED', (m) => m.message === 'psst')).userId.length, 36);
  term.enter('/status busy testing');
  await seen(chat, 'USER_STATUS_CHANGED', (s) => s.newStatus === 'busy' && s.statusText === 'testing' && s.userId !== bob.user.id);
  term.enter('/join nowhere');
  await term.until(/! There is no group `nowhere`/);
  const path = join(folder(), 'notes.txt');
  writeFileSync(path, 'x'.repeat(5000));
  term.enter(`/file ${path}`);
  await term.until(/ann notes\.txt\n.*\[file\] notes\.txt, 5 kB/);
  term.enter('/quit');
  await term.until(/ended with 0/);
  assert.ok(!term.text().includes('psst'), 'the terminal is as it was');
});

test('the group that is named is opened: one\'s own, a channel that is joined by that, a user; one that is not there is told', async (t) => {
  const { ann, chat } = await two(t);
  await must(chat, 'GROUP_CREATED', { name: 'news', kind: 'channel', members: [] });
  for (const [name, screen] of [['news', /^ #news .*here: ann, bob$/m], ['#news', /^ #news .*here/m], ['@bob', /^ @bob .*here/m], ['nowhere', /! There is no group `nowhere`/]]) {
    const term = open(t, ann, [name]);
    await term.until(screen);
    term.press('C-d');
    await term.until(/ended with 0/);
  }
});

test('every size of the terminal has its picture; a change of it loses nothing', async (t) => {
  const { ann, say } = await two(t);
  for (let i = 1; i <= 8; i++) await say(`message number ${i}, which is long enough to be wrapped in a narrow terminal`);
  const term = open(t, ann);
  await term.until(/message number 8/);
  await term.until(/here: ann, bob/);
  assert.equal(term.rows().length, 24);
  term.type('typed');
  const whole = (rows) => rows.join(' ').replace(/[│ ]+/g, ' ');
  for (const [columns, rows, groups, members] of [[40, 12, false, false], [160, 50, true, true], [100, 30, true, true], [20, 6, false, false], [12, 3, false, false], [80, 24, true, false]]) {
    term.resize(columns, rows);
    await term.until((s) => {
      const lines = s.split('\n');
      if (lines.length !== rows || !lines[rows - 1].startsWith('> typed')) return false;
      if (rows < 5) return true;
      return s.includes('│') === groups && /^.*│ \* ann$/m.test(s) === members && whole(lines).includes(rows < 10 ? 'terminal' : 'number 8, which');
    }, `the picture of ${columns}x${rows}`);
    for (const row of term.rows()) assert.ok([...row].length <= columns);
  }
});

test('NO_COLOR and a terminal without colours show none; no terminal, and one that is not known, are told', async (t) => {
  const { ann, say } = await two(t);
  await say('look, @ann');
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'vt100' }]) {
    const term = open(t, ann, [], { env });
    await term.until(/look, @ann/);
    assert.ok(!/\u001b\[[0-9;]*3[0-7]m/.test(term.coloured()));
    term.press('C-d');
    await term.until(/ended with 0/);
  }
  const r = await ann.run(['chat']);
  assert.equal(r.code, 64);
  assert.match(r.err, /needs a terminal/);
  const unknown = open(t, ann, [], { env: { TERM: 'nothing-at-all' } });
  await unknown.until(/terminal is not known[^]*ended with 78/);
  const stranger = open(t, person());
  await stranger.until(/not signed in[^]*ended with 77/);
});

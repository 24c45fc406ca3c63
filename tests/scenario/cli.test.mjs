// SPDX-License-Identifier: MIT
//
// cli - antiphon, the command line, against a real server: each group of commands, JSON, exit codes, the token's file.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { build, folder, must, seen, serve } from './lib/antiphon.mjs';
import { mp3, ogg } from './lib/music.mjs';
import { antiphon, person, signedIn } from './lib/person.mjs';

const mistakes = [
  ['no command', [], 64, /There is no command/],
  ['an unknown command', ['sing'], 64, /no command `sing`/],
  ['an unknown option', ['users', '--loud'], 64, /no option `--loud`/],
  ['an option of another command before the command', ['--limit', '3', 'users'], 64, /no option `--limit` before a command/],
  ['a short option', ['-x'], 64, /`-x` is no option/],
  ['an option without its value', ['--server'], 64, /needs a value: URL/],
  ['a flag with a value', ['--json=yes', 'whoami'], 64, /takes no value/],
  ['a missing argument', ['join'], 64, /`join` needs GROUP/],
  ['one argument too many', ['whoami', 'really'], 64, /does not take `really`/],
  ['a number that is none', ['users', '--limit', 'many'], 64, /whole number from 1 to/],
  ['no such event', ['emit', 'NOPE'], 64, /no event `NOPE`/],
  ['no such field', ['emit', 'MESSAGE_SENT', 'text=hi'], 65, /no field `text`/],
  ['a word that is not key=value', ['emit', 'MESSAGE_SENT', 'hi'], 64, /is not key=value/],
  ['a number of another type', ['emit', 'GET_HISTORY', 'limit=x'], 65, /`limit` does not take `x`/],
  ['no such topic', ['help', 'nothing'], 64, /no command and no event `nothing`/],
  ['too many stars', ['rate', 'x', '6'], 64, /1 to 5/],
  ['an address that is none', ['login', 'ann', '--password-stdin', '--server', 'ftp://x'], 64, /no address of a server/],
  ['no password', ['login', 'ann', '--password-stdin'], 66, /No password was given/],
  ['nobody signed in', ['whoami'], 77, /not signed in/],
];

for (const [what, words, code, sentence] of mistakes) {
  test(`${what} is told in one sentence, with its exit code`, async () => {
    const r = await person().run(words);
    assert.match(r.err, sentence);
    assert.equal(r.code, code);
    assert.equal(r.out, '');
    assert.match(r.err, /^antiphon: .*\.\n$/);
  });
}

test('help lists every command, explains one, and explains an event from the tables', async () => {
  const { ok } = person();
  const help = await ok('--help');
  for (const name of ['register', 'login', 'send', 'tracks', 'listen', 'emit', 'doctor']) assert.match(help, new RegExp(`^  ${name}\\b`, 'm'));
  assert.ok(help.split('\n').every((line) => line.length <= 80));
  assert.match(await ok('help', 'search'), /--group GROUP/);
  assert.equal(await ok('search', '--help'), await ok('help', 'search'));
  assert.match(await ok('help', 'publish_rating'), /value \(whole number, 1 to 5\)/);
  assert.match(await ok('--version'), /^antiphon \d+\.\d+\.\d+\n$/);
});

test('the account: register, whoami, sessions, password, login, logout; the token is for its user alone', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  assert.equal((await ann.json('whoami')).username, 'ann');
  const [file] = readdirSync(ann.config).filter((f) => f.startsWith('token-'));
  assert.equal(statSync(join(ann.config, file)).mode & 0o777, 0o600);
  assert.equal(statSync(ann.config).mode & 0o777, 0o700);
  const token = readFileSync(join(ann.config, file), 'utf8').split('\n')[0];
  assert.equal((await ann.json('sessions')).sessions.length, 1);

  let r = await ann.run(['login', 'ann', '--password-stdin'], 'wrong password\n');
  assert.equal(r.code, 77);
  assert.match(r.err, /password is wrong/);
  r = await ann.run(['register', 'ann', '--password-stdin'], 'correct horse\n');
  assert.equal(r.code, 65, 'a name that is taken');
  r = await ann.run(['password', '--password-stdin'], 'correct horse\na new password\n');
  assert.equal(r.code, 0, r.err);
  const other = person(server);
  r = await other.run(['login', 'ann', '--password-stdin', '--json'], 'a new password\n');
  assert.equal(r.code, 0, r.err);
  assert.equal(JSON.parse(r.out).user.username, 'ann');
  assert.ok(!r.out.includes('token'));
  const { sessions } = await other.json('sessions');
  const theirs = sessions.find((s) => !s.current);
  await other.ok('sessions', '--end', theirs.id);
  r = await ann.run(['whoami']);
  assert.equal(r.code, 77);
  assert.match(r.err, /antiphon login/);

  await other.ok('logout');
  assert.equal(readdirSync(other.config).filter((f) => f.startsWith('token-')).length, 0);
  assert.equal((await server.api('GET', '/api/v1/sessions', { token })).status, 401);

  chmodSync(join(ann.config, file), 0o644);
  r = await ann.run(['whoami']);
  assert.equal(r.code, 77);
  assert.match(r.err, /Others may read the token/);
});

test('a server that is not there is EX_UNAVAILABLE', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  await server.stop();
  for (const words of [['whoami'], ['sessions'], ['logout']]) {
    const r = await ann.run(words);
    assert.equal(r.code, 69, words + r.err);
    assert.equal(r.err.trim().split('\n').length, 1);
  }
  assert.equal((await ann.run(['login', 'ann', '--password-stdin'], 'correct horse\n')).code, 69);
  await server.start();
});

test('people: users, status, profile, settings', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  await signedIn(server, 'bob');
  assert.deepEqual((await ann.json('users', '--all')).users.map((u) => u.username).sort(), ['ann', 'bob']);
  assert.deepEqual((await ann.json('users', 'bo', '--all')).users.map((u) => u.username), ['bob']);
  assert.match(await ann.ok('status', 'busy', 'writing', 'tests'), /^busy: writing tests\n$/);
  assert.deepEqual(await ann.json('status'), { status: 'busy', statusText: 'writing tests' });
  assert.equal((await ann.run(['status', 'asleep'])).code, 65);
  assert.equal((await ann.run(['profile', '--name', 'Ann \u001b[31mred'])).code, 65);
  assert.equal((await ann.json('profile', '--name', 'Ann', '--bio', 'about \u001b[31mme')).user.bio, 'about \u001b[31mme');
  const shown = await ann.ok('profile', '@ann');
  assert.match(shown, /about .*me/);
  assert.ok(!shown.includes('\u001b'), 'what a user wrote reached the terminal');
  assert.equal((await ann.run(['profile', 'carl'])).code, 65);
  await ann.ok('settings', 'theme', 'dark');
  await ann.ok('settings', 'size', '12');
  assert.deepEqual(await ann.json('settings'), { theme: 'dark', size: 12 });
  assert.equal(await ann.ok('settings', 'size'), '12\n');
  assert.equal((await ann.run(['settings', 'none'])).code, 65);
});

test('groups: create, join, members, send, history, search, leave', async (t) => {
  const server = await serve(t);
  const [ann, bob] = [await signedIn(server, 'ann'), await signedIn(server, 'bob')];
  const { group } = await ann.json('create', 'News');
  assert.equal(group.kind, 'channel');
  await bob.ok('join', 'news');
  assert.deepEqual((await ann.json('members', 'news')).users.map((u) => u.username).sort(), ['ann', 'bob']);
  const sent = await ann.json('send', 'news', 'hello', 'world');
  assert.equal(sent.seq, 1);
  assert.equal((await ann.run(['send', 'news', '--reply-to', sent.messageId], 'two\nlines\n')).code, 0);
  const { messages } = await bob.json('history', group.id);
  assert.deepEqual(messages.map((m) => m.message), ['hello world', 'two\nlines']);
  assert.equal(messages[1].replyTo, sent.messageId);
  assert.match(await bob.ok('history', 'news'), /^\d{4}-\d\d-\d\d \d\d:\d\d  ann  hello world\n/);
  assert.match(await bob.ok('groups'), /News +channel +\S+ +2 members +2 unread/);
  assert.equal((await bob.json('search', 'hel', '--group', 'news')).messages[0].messageId, sent.messageId);
  await bob.ok('send', '@ann', '--', '--psst');
  assert.deepEqual((await ann.json('history', '@bob')).messages.map((m) => m.message), ['--psst']);
  await ann.ok('create', 'secret', 'bob', '--private');
  await ann.ok('members', 'secret', '--remove', 'bob');
  assert.equal((await ann.json('members', 'secret')).users.length, 1);
  await bob.ok('leave', 'news');
  assert.equal((await bob.run(['leave', 'lobby'])).code, 77);
  assert.equal((await ann.run(['send', 'nowhere', 'x'])).code, 65);
  await ann.ok('create', 'secret', '--private');
  const r = await ann.run(['send', 'secret', 'x']);
  assert.equal(r.code, 65);
  const secrets = (await ann.json('groups', 'secret')).groups;
  assert.match(r.err, /^antiphon: There are 2 groups `secret`; say which by its id: .*\.\n$/);
  for (const g of secrets) assert.ok(r.err.includes(`${g.id} (private)`), r.err);
});

test('tracks: publish, tracks, show, comment, rate, update, unpublish', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const file = join(folder(), 'On the road.ogg');
  writeFileSync(file, ogg());
  const { track } = await ann.json('publish', file, '--artist', 'The Ones', '--tags', 'road,live', '--year', '2001');
  assert.deepEqual([track.title, track.artist, track.year, track.tags], ['On the road', 'The Ones', 2001, ['road', 'live']]);
  assert.deepEqual((await ann.json('tracks', '--tag', 'live')).tracks.map((x) => x.id), [track.id]);
  await ann.ok('comment', 'on the road', 'lovely', '--at', '1:05');
  assert.equal(await ann.ok('rate', track.id, '4'), '4.0 of 1\n');
  const shown = await ann.ok('show', track.id);
  assert.match(shown, /comment +ann at 1:05: lovely/);
  assert.match(shown, /rating +4\.0 of 1/);
  assert.equal((await ann.json('update', track.id, '--title', 'Off', '--tags', 'off')).track.title, 'Off');
  writeFileSync(file, 'no audio at all');
  assert.equal((await ann.run(['publish', file])).code, 65);
  assert.equal((await ann.run(['publish', file + 'x'])).code, 66);
  await ann.ok('unpublish', 'off');

  const album = folder();
  mkdirSync(join(album, 'side b'));
  for (const name of ['one.ogg', 'side b/two.OGG']) writeFileSync(join(album, name), ogg());
  writeFileSync(join(album, 'cover.txt'), 'no audio');
  assert.deepEqual((await ann.ok('publish', album, '--json')).trim().split('\n').map((l) => JSON.parse(l).track.title), ['one', 'two']);
  assert.match((await ann.run(['publish', folder()])).err, /no audio file/);
  await ann.ok('unpublish', 'one');
  await ann.ok('unpublish', 'two');
  assert.equal((await ann.json('tracks')).tracks.length, 0);
});

test('files and folders are published together; the one that fails does not stop the others, and says so at the end', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const album = folder();
  writeFileSync(join(album, '1.ogg'), ogg());
  writeFileSync(join(album, '2.ogg'), 'no audio');
  writeFileSync(join(album, '3.mp3'), mp3());
  const r = await ann.run(['publish', join(album, 'none.ogg'), album, '--artist', 'The Ones']);
  assert.equal(r.code, 66, 'of the first that failed');
  assert.deepEqual(r.out.trim().split('\n').map((l) => l.split(' ')[0]), ['1', '3']);
  const told = r.err.trim().split('\n');
  assert.equal(told.length, 2, r.err);
  assert.match(told[0], /^antiphon: .*none\.ogg cannot be read\.$/);
  assert.match(told[1], /^antiphon: .*2\.ogg: .*\.$/);
  assert.deepEqual((await ann.json('tracks')).tracks.map((x) => x.title).sort(), ['1', '3']);
});

test('tracks are downloaded: several into a folder, one to a file, none twice, and gone on where it was cut', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const dir = folder();
  writeFileSync(join(dir, 'one.ogg'), ogg());
  writeFileSync(join(dir, 'two.mp3'), mp3());
  const one = JSON.parse(await ann.ok('publish', join(dir, 'one.ogg'), '--artist', 'A/B', '--json')).track;
  await ann.ok('publish', join(dir, 'two.mp3'));
  const into = folder();
  assert.equal(await ann.ok('download', one.id, 'two', '-o', into), `${into}/A_B - one.ogg\n${into}/two.mp3\n`);
  assert.deepEqual(readFileSync(join(into, 'A_B - one.ogg')), ogg());
  assert.deepEqual(readFileSync(join(into, 'two.mp3')), mp3());
  assert.match(await ann.ok('download', 'two', '--output', into), /two\.mp3 is there already\n$/);

  const path = join(into, 'mine');
  writeFileSync(path + '.part', ogg().subarray(0, 100000));
  const told = await ann.json('download', 'one', '-o', path);
  assert.deepEqual([told.path, told.downloaded, told.track.id], [path, true, one.id]);
  assert.deepEqual(readFileSync(path), ogg());
  assert.deepEqual(readdirSync(into).sort(), ['A_B - one.ogg', 'mine', 'two.mp3']);
  writeFileSync(join(into, 'two.mp3'), 'something else');
  assert.match(await ann.ok('download', 'two', '-o', into), /two \([0-9a-f]{8}\)\.mp3\n$/, 'what is another file stays');

  let r = await ann.run(['download', 'nothing', 'two', '-o', into]);
  assert.equal(r.code, 65);
  assert.match(r.err, /no track `nothing`/);
  assert.match(r.out, /is there already/, 'the other one is done');
  assert.equal((await ann.run(['download', 'one', '-o', '/proc/nowhere'])).code, 73);
  assert.equal((await ann.run(['download', 'one', 'two', '-o', join(into, 'no folder')])).code, 73);
});

test('emit sends any event by the tables; listen prints one object an event', async (t) => {
  const server = await serve(t);
  const [ann, bob] = [await signedIn(server, 'ann'), await server.register('bob')];
  const chat = await server.connect('/chat', bob.token);
  const p = spawn(antiphon, ['listen', 'MESSAGE_RECEIVED', '--count', '2'], { env: ann.env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => p.kill());
  await seen(chat, 'USER_CONNECTED', (e) => e.userId !== bob.user.id);
  await must(chat, 'MESSAGE_SENT', { message: 'one' });
  await must(chat, 'MESSAGE_SENT', { message: 'two' });
  const events = [];
  for await (const line of createInterface({ input: p.stdout })) events.push(JSON.parse(line));
  assert.deepEqual(events.map((e) => [e.event, e.data.message]), [['MESSAGE_RECEIVED', 'one'], ['MESSAGE_RECEIVED', 'two']]);

  const sent = await ann.json('emit', 'message_sent', 'message=42');
  assert.equal((await seen(chat, 'MESSAGE_RECEIVED')).message, '42', 'a text stays a text');
  assert.deepEqual((await ann.json('emit', 'GET_HISTORY', `groupId=${sent.groupId}`, 'limit=1')).messages.map((m) => m.message), ['42']);
  assert.equal((await ann.json('emit', 'GET_USER', bob.user.id)).user.username, 'bob');
  const notes = join(folder(), 'notes');
  writeFileSync(notes, Buffer.from([0, 1, 2, 255]));
  const file = await ann.json('emit', 'FILE_UPLOADED', 'fileName=notes.bin', `data=@${notes}`);
  const got = await server.api('GET', file.url, { token: bob.token });
  assert.deepEqual([...new Uint8Array(await got.arrayBuffer())], [0, 1, 2, 255]);
  assert.equal((await ann.run(['emit', 'FILE_UPLOADED', 'fileName=x', 'data=@-'], 'typed')).code, 0);
  assert.equal((await ann.run(['emit', 'FILE_UPLOADED', 'fileName=x', 'data=@/no/such/file'])).code, 66);
  const r = await ann.run(['emit', 'GET_HISTORY', `groupId=${bob.user.id}`]);
  assert.equal(r.code, 65);
});

test('doctor says that all is well, and what is not', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const { checks } = await ann.json('doctor');
  assert.deepEqual(checks.map((x) => [x.check, x.ok]), [['address', true], ['tls', true], ['store', true], ['token', true], ['protocol', true], ['clock', true], ['limits', true]]);
  await server.stop();
  const r = await ann.run(['doctor']);
  assert.equal(r.code, 69);
  assert.match(r.out, /FAIL +address +Nothing answers/);
  await server.start();
});

test('no escape code reaches a pipe', async () => {
  const { ok } = person(null, { env: { TERM: 'xterm-256color' } });
  for (const words of [['--help'], ['help', 'MESSAGE_SENT']]) assert.ok(!(await ok(...words)).includes('\u001b'));
});

test('a terminal has bold headings, unless NO_COLOR says not; a password is not echoed', async (t) => {
  const server = await serve(t);
  const onTerminal = (words, env, typed = '') => new Promise((resolve) => {
    const p = spawn('script', ['-qec', [antiphon, ...words].join(' '), '/dev/null'], { env: { ...person(server).env, TERM: 'xterm', ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    p.stdout.on('data', (d) => {
      out += d;
      if (typed && /(Password|again): $/.test(out)) p.stdin.write(typed);
    });
    p.on('exit', (code) => resolve({ code, out }));
  });
  assert.ok((await onTerminal(['--help'], { NO_COLOR: '' })).out.includes('\u001b[1m'));
  assert.ok(!(await onTerminal(['--help'], { NO_COLOR: '1' })).out.includes('\u001b'));
  const r = await onTerminal(['register', 'ann'], {}, 'correct horse\n');
  assert.match(r.out, /Signed in at .* as ann/);
  assert.ok(!r.out.includes('correct horse'), r.out);
  const interrupted = await onTerminal(['login', 'ann', '; stty -a'], {}, 'corr\u0003');
  assert.match(interrupted.out, /No password was given/);
  assert.match(interrupted.out, / echo /, 'the terminal is as it was');
});

test('completions and man page are made from the table', async () => {
  const made = (page) => readFileSync(join(build, 'src', 'cli', page), 'utf8');
  for (const page of ['antiphon.1', 'antiphon.bash', '_antiphon', 'antiphon.fish']) {
    assert.ok(made(page).includes('unpublish'), page);
    assert.ok(/password.{0,2}-stdin/.test(made(page)), page);
  }
  const complete = (...words) => new Promise((resolve, reject) => {
    const script = `source ${join(build, 'src', 'cli', 'antiphon.bash')}; COMP_WORDS=(antiphon ${words.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${words.length}; _antiphon; echo "\${COMPREPLY[@]}"`;
    execFile('bash', ['-c', script], (e, out, err) => (e ? reject(new Error(err)) : resolve(out.trim())));
  });
  assert.equal(await complete('se'), 'sessions settings send search');
  assert.equal(await complete('--server', 'x', 'search', '--g'), '--group');
  assert.equal(await complete('emit', 'PUBLISH_C'), 'PUBLISH_COMMENT');
});

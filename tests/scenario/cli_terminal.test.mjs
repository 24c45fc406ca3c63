// SPDX-License-Identifier: MIT
//
// cli_terminal - the command line in a real terminal: the bar of a transfer, an upload that goes on after its program was ended; and
// the completions of bash, zsh and fish, each run by its own shell.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, folder, serve } from './lib/antiphon.mjs';
import { blake2b, mp3, ogg } from './lib/music.mjs';
import { antiphon, environment, signedIn } from './lib/person.mjs';
import { Terminal } from './lib/terminal.mjs';

const run = (t, p, words, size = {}) => new Terminal(t, [antiphon, ...words], { env: environment(p, { TERM: 'screen-256color' }), ...size });

const bar = /^(\S.*?) {2}\[(#*)(-*)\] +(\d+) % of \d+\.\d [kM]B {2}\d+\.\d [kM]?B\/s {2}\d+:\d\d left$/m;

test('publish shows a bar with speed and time left, several files one after the other, and then what became tracks', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const dir = folder();
  writeFileSync(join(dir, '日本語の歌.mp3'), mp3());
  writeFileSync(join(dir, 'two.ogg'), ogg());
  const term = run(t, ann, ['publish', dir, join(dir, 'none.mp3'), '--max-speed', String(Math.ceil(mp3().length / 6000))]);
  // Of one of the files two pictures: how it was first seen, and later.
  const first = new Map();
  let later;
  await term.until((s) => {
    later = bar.exec(s);
    if (later && !first.has(later[1])) first.set(later[1], later);
    return later && Number(later[4]) > Number(first.get(later[1])[4]);
  }, 'a bar that grows');
  const before = first.get(later[1]);
  assert.ok(['日本語の歌.mp3', 'two.ogg'].includes(later[1]), later[0]);
  assert.ok(later[2].length >= before[2].length);
  assert.equal(later[2].length + later[3].length, before[2].length + before[3].length);
  const text = await term.until(/ended with 66/);
  assert.match(text, /^two +[0-9a-f-]{36}$/m);
  assert.match(text, /^日本語の歌 +[0-9a-f-]{36}$/m);
  assert.match(text, /^antiphon: .*none\.mp3 cannot be read\.$/m);
  assert.ok(!text.includes('left'), 'the bar is gone');
});

test('an upload whose program was ended goes on where it was when the command is run again', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const path = join(folder(), 'long.mp3');
  writeFileSync(path, mp3());
  const speed = ['--max-speed', String(Math.ceil(mp3().length / 8000))];
  const first = run(t, ann, ['publish', path, ...speed]);
  const percent = (s) => Number(bar.exec(s)?.[4] ?? -1);
  const reached = percent(await first.until((s) => percent(s) >= 30));
  first.press('C-c');
  await first.until(/ended with 130/);
  const second = run(t, ann, ['publish', path, ...speed], { columns: 60 });
  const begun = percent(await second.until((s) => percent(s) > 0));
  assert.ok(begun >= reached - 15, `it was at ${reached} %, and went on at ${begun} %`);
  await second.until(/ended with 0/);
  const { tracks } = await ann.json('tracks');
  assert.deepEqual(tracks.map((x) => x.audio.blake2b), [blake2b(mp3())]);
});

test('a bar fits into a narrow terminal, and download has one too', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const path = join(folder(), 'a rather long name of a track.mp3');
  writeFileSync(path, mp3());
  await ann.ok('publish', path);
  const speed = ['--max-speed', String(Math.ceil(mp3().length / 4000))];
  for (const columns of [30, 100]) {
    const to = folder();
    const term = run(t, ann, ['download', 'a rather long name of a track', '-o', to, ...speed], { columns });
    await term.until(/\d+ % of/);
    assert.equal(term.rows().filter((r) => r).length, 1, 'on one row');
    await term.until(/ended with 0/);
    assert.deepEqual(readFileSync(join(to, 'a rather long name of a t.mp3')), mp3());
  }
});

test('a pipe gets plain lines', async (t) => {
  const server = await serve(t);
  const ann = await signedIn(server, 'ann');
  const path = join(folder(), 'plain.mp3');
  writeFileSync(path, mp3());
  const r = await ann.run(['publish', path]);
  assert.match(r.out, /^plain {2}[0-9a-f-]{36}\n$/);
  assert.equal(r.err, '');
});

// --- completions ---

const completions = join(build, 'src', 'cli');

function bash(words) {
  const script = `source ${completions}/antiphon.bash; COMP_WORDS=(antiphon "$@"); COMP_CWORD=$#; _antiphon; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
}

// zsh completes in a line editor alone: one in a terminal of its own, asked to list what there is.
function zsh(words) {
  const dir = folder();
  symlinkSync(join(completions, '_antiphon'), join(dir, '_antiphon'));
  const script = `
    zmodload zsh/zpty
    zpty z 'TERM=dumb zsh -f -i'
    zpty -w z 'PS1=; fpath=(${dir} $fpath); autoload -Uz compinit; compinit -u -D; zstyle ":completion:*" list-colors; LISTMAX=10000; COLUMNS=200; LINES=500'
    zpty -w z 'bindkey "^I" complete-word; null() { }; comppostfuncs=(say); say() { compstate[insert]=; compstate[list]=; print done > ${dir}/done }'
    zpty -w z 'compadd() { builtin compadd "$@"; local -a hits; builtin compadd -O hits "$@"; print -l -- "hit: "$^hits >> ${dir}/hits }; print ready > ${dir}/ready'
    while [[ ! -s ${dir}/ready ]]; do sleep 0.05; done
    zpty -w -n z "antiphon ${words.join(' ')}"$'\\t'
    while [[ ! -s ${dir}/done ]]; do sleep 0.05; done
    zpty -d z
    cat ${dir}/hits`;
  return execFileSync('zsh', ['-f', '-c', script], { encoding: 'utf8', timeout: 60000 }).replaceAll('hit: ', '');
}

function fish(words) {
  const script = `source ${completions}/antiphon.fish; complete -C ${`"antiphon ${words.join(' ')}"`}`;
  const home = folder();
  mkdirSync(join(home, 'config'));
  return execFileSync('fish', ['-N', '-c', script], { encoding: 'utf8', env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config') } });
}

for (const [name, complete] of Object.entries({ bash, zsh, fish })) {
  test(`${name} completes commands, options and events`, () => {
    const offers = (words) => complete(words).split('\n').map((l) => l.split('\t')[0].trim()).filter(Boolean);
    const commands = offers(['se']);
    for (const c of ['sessions', 'settings', 'send', 'search']) assert.ok(commands.includes(c), `${name}: ${c} in ${commands}`);
    assert.ok(!commands.includes('users'));
    assert.ok(offers(['emit', 'PUBLISH_C']).includes('PUBLISH_COMMENT'));
    const options = offers(['search', '--g']);
    assert.ok(options.some((o) => /^--group=?$/.test(o)), `${name}: --group in ${options}`);
    assert.ok(offers(['chat', '--js']).some((o) => /^--json$/.test(o)));
  });
}

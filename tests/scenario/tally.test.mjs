// SPDX-License-Identifier: MIT
//
// tally - what CI believes of the suites: script/tally over streams as they really end.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, top } from './lib/antiphon.mjs';

const cases = [
  { what: 'a good stream', tap: '1..2\nok 1 - a\nok 2 - b\n', good: 2, bad: 0 },
  { what: 'a failure', tap: '1..2\nok 1 - a\nnot ok 2 - b\n', good: 1, bad: 1 },
  { what: 'two programs behind each other', tap: '1..1\nok 1 - a\n1..1\nok 1 - b\n', good: 2, bad: 0 },
  { what: 'a crash after the plan', tap: '1..3\nok 1 - a\n', good: 1, bad: 2 },
  { what: 'a sanitizer that complains at the end', tap: '1..1\nok 1 - a\nnot ok - x ended with status 1\n', good: 1, bad: 1 },
  { what: 'a failure that the status only repeats', tap: '1..1\nnot ok 1 - a\nnot ok - x ended with status 1\n', good: 0, bad: 1 },
  { what: 'nothing at all', tap: '', good: 0, bad: 1 },
  { what: 'a group, counted by its tests', tap: '    ok 1 - a\n    ok 2 - b\n    1..2\nok 1 - g\n1..1\n', good: 2, bad: 0 },
  { what: 'a group with a failure', tap: '    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - g\n1..1\n', good: 1, bad: 1 },
  { what: 'a group whose end fails', tap: '    ok 1 - a\n    1..1\nnot ok 1 - g\nok 2 - h\n1..2\n', good: 2, bad: 1 },
  { what: 'groups in groups', tap: '        not ok 1 - a\n        1..1\n    not ok 1 - g\n    1..1\nnot ok 1 - h\n1..1\n', good: 0, bad: 1 },
  { what: 'a skipped test, which is neither', tap: '1..2\nok 1 - a # SKIP no disk\nok 2 - b\n', good: 1, bad: 0 },
];

for (const { what, tap, good, bad } of cases) {
  test(`tally: ${what}`, () => {
    const file = join(folder(), 'suite.tap');
    writeFileSync(file, tap);
    const r = spawnSync(join(top, 'script', 'tally'), [file], { encoding: 'utf8' });
    assert.equal(r.stdout.trimEnd().split('\n').at(-1), `${good} passed, ${bad} failed`);
    assert.equal(r.status, bad ? 1 : 0);
  });
}

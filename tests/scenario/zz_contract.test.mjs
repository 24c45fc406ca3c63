// SPDX-License-Identifier: MIT
//
// contract - the traces of all scenarios before it: each packet fits its row, and each row, direction and
// listed error has been exercised. Runs last, by its name.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { binary } from './lib/antiphon.mjs';

const traces = process.env.ANTIPHON_TRACES;
const document = JSON.parse(execFileSync(binary, ['--print-asyncapi'], { encoding: 'utf8', maxBuffer: 1 << 26 }));

const rows = Object.entries(document.operations).map(([id, operation]) => ({
  id,
  fromClient: operation.action === 'receive',
  namespace: document.channels[operation.channel.$ref.split('/').pop()].address,
  ...document.components.messages[id],
}));

// What every request may be refused with before its row's functions run; never by a fault of ours (internal).
const guards = ['bad_request', 'unknown_event', 'unauthorized', 'rate_limited', 'unavailable'];

const ajv = new Ajv2020({ strict: false, allErrors: false });
formats(ajv);
ajv.addSchema({ $id: 'all', components: document.components });
const validators = new Map();
function validator(ref) {
  if (!validators.has(ref)) validators.set(ref, ajv.compile({ $ref: `all${ref}` }));
  return validators.get(ref);
}

function entries() {
  return readdirSync(traces).flatMap((f) => readFileSync(join(traces, f), 'utf8').split('\n')
    .filter((l) => l.endsWith('}')) // a killed server may leave half a line
    .map((l) => JSON.parse(l)));
}

test('every packet of the scenarios fits its row; every row, direction and listed error was exercised', { skip: !traces && 'ANTIPHON_TRACES is not set' }, async (t) => {
  const all = entries();
  assert.ok(all.length > 500, `${all.length} packets`);
  const met = new Set();
  const misfits = [];
  for (const e of all) {
    const wanted = rows.filter((r) => r.namespace === e.namespace && r.name === e.event);
    for (const row of wanted) {
      const is = { request: row.fromClient, emit: !row.fromClient, answer: row.fromClient, error: row.fromClient }[e.direction];
      if (!is) continue;
      const value = e.direction === 'request' && row.name !== 'connect' ? undefined : JSON.parse(e.json);
      if (e.direction === 'emit' && !validator(row.payload.$ref)(value)) misfits.push([row.id, validator(row.payload.$ref).errors[0], e.json.slice(0, 300)]);
      if (e.direction === 'answer' && !validator(row['x-acknowledgement'].$ref)(value)) misfits.push([row.id, validator(row['x-acknowledgement'].$ref).errors[0], e.json.slice(0, 300)]);
      const code = e.direction === 'error' ? (value.error ?? value).errorCode : e.direction;
      if (e.direction === 'error' && !guards.includes(code) && !row['x-errors'].includes(code)) misfits.push([row.id, `refused with ${code}, which its row does not list`]);
      met.add(`${row.id} ${code}`);
    }
  }
  await t.test('what the server sent fits the schemas', () => assert.deepEqual(misfits.slice(0, 5), []));
  for (const row of rows) {
    await t.test(`${row.namespace} ${row.name} ${row.fromClient ? 'from a client' : 'from the server'}`, () => {
      const due = row.fromClient
        ? [...(row.name === 'connect' ? [] : ['request']), ...(row['x-acknowledgement'] ? ['answer'] : []), ...new Set(row['x-errors'])]
        : ['emit'];
      const missing = due.filter((d) => !met.has(`${row.id} ${d}`));
      // Whose answer is an event, or whose socket is gone with it, has none to trace.
      assert.deepEqual(missing.filter((d) => !(row.id === 'user_disconnect' && d === 'answer')), []);
    });
  }
});

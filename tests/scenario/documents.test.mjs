// SPDX-License-Identifier: MIT
//
// documents - /asyncapi.json and /openapi.json by their own validators, and the same as the command line prints.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { binary, serve } from './lib/antiphon.mjs';

test('/asyncapi.json is a valid AsyncAPI 3 document: a channel a namespace, a message an event', async (t) => {
  const server = await serve(t);
  const text = await (await server.api('GET', '/asyncapi.json')).text();
  const { document, diagnostics } = await new Parser().parse(text);
  assert.deepEqual(diagnostics.filter((d) => d.severity === 0), []);
  assert.equal(document.version(), '3.0.0');
  assert.deepEqual(document.channels().all().map((c) => c.address()).sort(), ['/chat', '/music']);
  const names = document.channels().all().flatMap((c) => c.messages().all().map((m) => m.name()));
  for (const name of ['USER_CONNECT', 'PUBLISH_TRACK', 'MESSAGE_RECEIVED', 'ERROR_OCCURED']) assert.ok(names.includes(name), name);
  assert.equal(execFileSync(binary, ['--print-asyncapi'], { encoding: 'utf8' }), text);
});

test('/openapi.json is a valid OpenAPI 3.1 document', async (t) => {
  const server = await serve(t);
  const text = await (await server.api('GET', '/openapi.json')).text();
  const result = await new Validator().validate(JSON.parse(text));
  assert.deepEqual(result.errors ?? [], []);
  assert.ok(result.valid);
  const document = JSON.parse(text);
  assert.match(document.openapi, /^3\.1\./);
  for (const path of ['/api/v1/accounts', '/api/v1/sessions', '/api/v1/uploads', '/metrics']) assert.ok(document.paths[path], path);
  assert.equal(execFileSync(binary, ['--print-openapi'], { encoding: 'utf8' }), text);
});

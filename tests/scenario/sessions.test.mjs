// SPDX-License-Identifier: MIT
//
// sessions - how long they live: 30 days from their last use, whichever use that is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { Server } from './lib/antiphon.mjs';

const day = 86400e3;

// Makes every session look as if it had last been used so long ago.
function age(server, ms) {
  execFileSync('sqlite3', [join(server.data, 'antiphon.db'), `update session set used_at = used_at - ${ms}, expires_at = expires_at - ${ms}`]);
}

test('a session that only reads is renewed by it; one that nobody used for 30 days has ended', async (t) => {
  const server = await new Server().start();
  t.after(() => server.stop());
  const { token } = await server.register('ann');
  await server.stop();
  age(server, 29 * day);
  await server.start();
  const sessions = async () => (await (await server.api('GET', '/api/v1/sessions', { token })).json()).sessions;
  await sessions();
  let left = 0;
  for (let i = 0; i < 100 && left < 29 * day; i++) left = Date.parse((await sessions())[0].expiresAt) - Date.now();
  assert.ok(left > 29 * day, `${left / day} days are left`);
  await server.stop();
  age(server, 30 * day);
  await server.start();
  assert.equal((await server.api('GET', '/api/v1/sessions', { token })).status, 401);
});

// SPDX-License-Identifier: MIT
//
// days - what was written in a test, as if it had been written over several days: a conversation of one day shows too little.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

// Moves each message of every group so that the newest stays where it is and each older one lies `hours` further back; the server starts anew.
export async function spreadOverDays(server, hours = 9) {
  await server.stop();
  execFileSync('sqlite3', [join(server.data, 'antiphon.db'),
    `UPDATE message SET at = at - ((SELECT last_seq FROM chat_group WHERE pk = group_pk) - seq) * ${hours * 3600000}`]);
  await server.start();
}

// SPDX-License-Identifier: MIT
//
// line - the line between browsers and their server, which can be made to stop in the middle of a large request: a TCP
// connection carries so many bytes to the server, and then waits.
//
//   const line = await lineTo(t, stage.server);   // from here on stage.server.url leads through it
//   await line.stallAfter(2_000_000);             // on each connection; resolves when one of them has come so far
//   line.flow();                                  // everything goes again
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export async function lineTo(t, server) {
  let most = Infinity, stall = () => {};
  const stalled = new Set(); // what lets them go on
  const sockets = new Set();
  const { host, hostname, port } = new URL(server.url);

  function carry(browser) {
    const there = connect(Number(port), hostname);
    let carried = 0;
    const go = () => {
      for (const one of waiting) there.write(one);
      waiting = [];
    };
    let waiting = []; // read all the same: a socket that is not read does not tell that it is closed
    browser.on('data', (bytes) => {
      carried += bytes.length;
      if (carried <= most && waiting.length === 0) {
        there.write(bytes);
        return;
      }
      waiting.push(bytes);
      stall();
      stalled.add(go);
    });
    there.pipe(browser);
    for (const [one, other] of [[browser, there], [there, browser]]) {
      sockets.add(one);
      one.on('error', () => {}); // it closes then
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }

  const proxy = createServer(carry).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${proxy.address().port}`;
  server.url = url;
  server.listen = host; // where it must be again after a restart
  t.after(() => {
    proxy.close();
    for (const one of sockets) one.destroy();
  });
  return {
    url,
    stallAfter(bytes) {
      most = bytes;
      return new Promise((resolve) => { stall = resolve; });
    },
    flow() {
      most = Infinity;
      for (const go of stalled) go();
      stalled.clear();
    },
  };
}

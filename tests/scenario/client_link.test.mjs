// SPDX-License-Identifier: MIT
//
// client_link - libantiphon's transport against npm's socket.io server, against hand-made bad servers, and against antiphond.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { Server as NodeServer } from 'socket.io';
import { serve } from './lib/antiphon.mjs';
import { certificate } from './lib/certificate.mjs';
import { Probe, placeholder } from './lib/probe.mjs';

// npm's server, with the events that the tests use.
async function node(t, options = {}, { port = 0, http = createServer() } = {}) {
  const io = new NodeServer(http, options);
  const server = { io, http, gone: [] };
  const behave = (socket) => {
    socket.on('disconnect', (reason) => server.gone.push(reason));
    socket.on('echo', (...args) => args.pop()(...args));
    socket.on('say', (...args) => socket.emit('said', ...args));
    socket.on('ask', (...args) => socket.emit('asked', ...args, (...answer) => socket.emit('answered', ...answer)));
    socket.on('mute', () => {});
    socket.on('kick', () => socket.disconnect());
    socket.on('drop', () => socket.conn.close());
    socket.on('who', (ack) => ack(socket.handshake.auth, socket.handshake.query, socket.conn.transport.name));
  };
  io.on('connection', behave);
  io.of('/other').on('connection', behave);
  io.of('/closed').use((socket, next) => next(Object.assign(new Error('not you'), { data: { errorCode: 'forbidden' } })));
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  server.port = http.address().port;
  server.url = `http://127.0.0.1:${server.port}`;
  server.stop = async () => {
    http.closeAllConnections();
    await new Promise((done) => io.close(done));
  };
  t.after(() => server.stop());
  return server;
}

function probe(t, options, env) {
  const p = new Probe(options, env);
  t.after(() => p.process.kill('SIGKILL'));
  return p;
}

for (const transport of ['websocket', 'polling']) {
  const only = { [transport === 'websocket' ? 'polling' : 'websocket']: false };

  test(`${transport}: echo with acknowledgement, both ways, and binary in each`, async (t) => {
    const server = await node(t);
    const p = probe(t, { url: server.url + '/?room=7', auth: { token: 'ü"' }, ...only });
    await p.open('/');
    assert.equal((await p.take({ is: 'connected', ns: '/' })).transport, transport);

    assert.deepEqual((await p.emit('echo', [1, 'zwei', { drei: [null] }])).args, [1, 'zwei', { drei: [null] }]);
    assert.deepEqual((await p.emit('echo', [])).args, []);
    const [auth, query, name] = (await p.emit('who', [])).args;
    assert.deepEqual(auth, { token: 'ü"' });
    assert.equal(query.room, '7');
    assert.equal(name, transport);

    await p.do({ do: 'emit', ns: '/', name: 'ask', args: '"why"' });
    assert.deepEqual((await p.take({ is: 'event', name: 'asked' })).args, ['why']);
    assert.deepEqual((await p.take({ is: 'event', name: 'answered' })).args, ['why']);

    for (const bytes of [Buffer.alloc(0), Buffer.from([0, 255, 30]), randomBytes(300000)]) {
      const args = [{ a: placeholder(0) }, placeholder(1)];
      const binary = [bytes, Buffer.from('second')];
      const echoed = await p.emit('echo', args, { binary });
      assert.deepEqual(echoed.args, args);
      assert.deepEqual(echoed.binary, binary.map((b) => b.toString('base64')));
      await p.do({ do: 'emit', ns: '/', name: 'ask', args: JSON.stringify(placeholder(0)), binary: [bytes.toString('base64')] });
      assert.deepEqual((await p.take({ is: 'event', name: 'asked' })).binary, [bytes.toString('base64')]);
      assert.deepEqual((await p.take({ is: 'event', name: 'answered' })).binary, [bytes.toString('base64')]);
    }
    await p.end();
  });

  test(`${transport}: several namespaces, one of them refused, one left`, async (t) => {
    const server = await node(t);
    const p = probe(t, { url: server.url, ...only });
    await p.open('/', '/other', '/closed', '/none');
    await p.take({ is: 'connected', ns: '/' });
    await p.take({ is: 'connected', ns: '/other' });
    const refused = await p.take({ is: 'refused', ns: '/closed' });
    assert.equal(refused.message, 'not you');
    assert.deepEqual(JSON.parse(refused.data), { errorCode: 'forbidden' });
    assert.equal((await p.take({ is: 'refused', ns: '/none' })).message, 'Invalid namespace');
    assert.equal(await p.ask({ do: 'emit', ns: '/closed', name: 'echo', args: '1' }), 'unavailable');

    assert.deepEqual((await p.emit('echo', ['there'], { ns: '/other' })).args, ['there']);
    await p.do({ do: 'leave', ns: '/other' });
    assert.equal(await p.ask({ do: 'emit', ns: '/other', name: 'echo', args: '1' }), 'unavailable');
    assert.deepEqual((await p.emit('echo', ['here'])).args, ['here']);
    await p.do({ do: 'join', ns: '/other' });
    await p.take({ is: 'connected', ns: '/other' });
    await p.end();
  });

  test(`${transport}: it says goodbye, and can be opened again`, async (t) => {
    const server = await node(t);
    const p = probe(t, { url: server.url, ...only });
    await p.open('/', '/other');
    for (let i = 1; i <= 2; i++) {
      await p.take({ is: 'connected', ns: '/' });
      await p.take({ is: 'connected', ns: '/other' });
      await p.do({ do: 'close' });
      assert.equal(await p.ask({ do: 'emit', ns: '/', name: 'echo', args: '1' }), 'unavailable');
      for (let wait = 0; server.gone.length < 2 * i && wait < 100; wait++) await new Promise((r) => setTimeout(r, 50));
      // By polling both packets and the close come in one POST, of which Node looks at the close first.
      const orderly = transport === 'polling' ? 'transport close' : 'client namespace disconnect';
      assert.deepEqual(server.gone, Array(2 * i).fill(orderly));
      if (i === 1) await p.do({ do: 'open' });
    }
    assert.deepEqual(p.lines, []);
    await p.end();
  });

  test(`${transport}: the network is cut sixty times, anywhere: each emit has one outcome, and in the end all is well`, async (t) => {
    const server = await node(t, { connectionStateRecovery: {} });
    let cuts = 60;
    const cutter = createTcpServer((from) => {
      const to = connect(server.port, '127.0.0.1');
      let left = cuts-- > 0 ? 1 + Math.floor(Math.random() ** 2 * 6000) : Infinity;
      const pass = (a, b) => {
        a.on('data', (d) => {
          b.write(d.subarray(0, Math.min(left, d.length)));
          left -= d.length;
          if (left <= 0) [a, b].forEach((s) => s.resetAndDestroy());
        });
        a.on('error', () => b.destroy());
        a.on('close', () => b.destroy());
      };
      pass(from, to);
      pass(to, from);
    });
    cutter.listen(0, '127.0.0.1');
    await once(cutter, 'listening');
    t.after(() => cutter.close());
    const p = probe(t, { url: `http://127.0.0.1:${cutter.address().port}`, backoff: 5, ...only });
    await p.open('/', '/other');
    let emitted = 0, outcomes = 0;
    for (const until = Date.now() + 20000; Date.now() < until;) {
      const command = { do: 'emit', ns: '/', name: 'echo', args: JSON.stringify(placeholder(0)), binary: [randomBytes(200).toString('base64')], ack: 1 };
      const refused = await p.ask(command);
      if (refused) {
        assert.equal(refused, 'unavailable');
        await new Promise((r) => setTimeout(r, 2));
        continue;
      }
      emitted++;
      const { outcome, binary } = await p.take({ is: 'ack' });
      outcomes++;
      if (outcome === 'answered') assert.deepEqual(binary, command.binary);
      else assert.equal(outcome, 'lost');
      if (outcome === 'answered' && cuts < 0) break;
    }
    assert.ok(cuts < 0, `${cuts} are left`);
    assert.equal(emitted, outcomes);
    await p.do({ do: 'close' });
    assert.ok(p.lines.filter((l) => l.is === 'error').length > 20);
    await p.end();
  });

  test(`${transport}: the server ends a namespace: no reconnection; joined again it works`, async (t) => {
    const server = await node(t);
    const p = probe(t, { url: server.url, ...only });
    await p.open('/');
    await p.take({ is: 'connected' });
    await p.do({ do: 'emit', ns: '/', name: 'mute', args: '', ack: 99 });
    await p.do({ do: 'emit', ns: '/', name: 'kick', args: '' });
    assert.equal((await p.take({ is: 'ack', ack: 99 })).outcome, 'lost');
    await p.take({ is: 'left', ns: '/' });
    assert.deepEqual(await p.take({ is: 'disconnected' }), { is: 'disconnected', reason: 'io server disconnect', retry: -1 });
    await p.do({ do: 'join', ns: '/' });
    await p.take({ is: 'connected' });
    await p.end();
  });

  test(`${transport}: the transport is lost: acks are told, and it comes back by itself`, async (t) => {
    const server = await node(t);
    const p = probe(t, { url: server.url, ...only });
    await p.open('/', '/other');
    await p.take({ is: 'connected', ns: '/' });
    await p.take({ is: 'connected', ns: '/other' });
    await p.do({ do: 'emit', ns: '/other', name: 'mute', args: '', ack: 99 });
    await p.do({ do: 'emit', ns: '/', name: 'drop', args: '' });
    assert.equal((await p.take({ is: 'ack', ack: 99 })).outcome, 'lost');
    const lost = await p.take({ is: 'disconnected' });
    assert.equal(lost.reason, 'transport close');
    assert.ok(lost.retry >= 50 && lost.retry <= 100, `${lost.retry}`);
    await p.take({ is: 'connected', ns: '/' });
    await p.take({ is: 'connected', ns: '/other' });
    await p.end();
  });

  test(`${transport}: the server restarts: the waits grow, then it is there again`, async (t) => {
    const server = await node(t);
    const p = probe(t, { url: server.url, ...only });
    await p.open('/');
    await p.take({ is: 'connected' });
    await server.stop();
    await p.take({ is: 'disconnected' });
    const waits = [];
    while (waits.length < 4) {
      const e = await p.take({ is: 'error' });
      assert.equal(e.code, 'unavailable');
      waits.push(e.retry);
    }
    assert.ok(waits[3] > waits[0] && waits[3] >= 400 && waits[3] <= 800, `${waits}`);
    await node(t, {}, { port: server.port });
    await p.take({ is: 'connected' });
    assert.deepEqual((await p.emit('echo', [1])).args, [1]);
    await p.end();
  });

  test(`${transport}: what is too large for the server is refused here; an answer that is late is dropped`, async (t) => {
    const server = await node(t, { maxHttpBufferSize: 5000 });
    const p = probe(t, { url: server.url, ...only });
    await p.open('/');
    await p.take({ is: 'connected' });
    assert.equal(await p.ask({ do: 'emit', ns: '/', name: 'echo', args: JSON.stringify('x'.repeat(6000)) }), 'too_large');
    assert.equal(await p.ask({ do: 'emit', ns: '/', name: 'connect', args: '' }), 'bad_request');
    assert.equal((await p.emit('mute', [], { timeout: 50 })).outcome, 'timed out');
    const many = Array.from({ length: 40 }, (_, i) => p.emit('echo', [i, 'y'.repeat(300)]));
    for (const [i, a] of (await Promise.all(many)).entries()) assert.equal(a.args[0], i);
    await p.end();
  });

  test(`${transport}: heartbeats keep it, their absence ends it`, async (t) => {
    const server = await node(t, { pingInterval: 100, pingTimeout: 200 });
    const p = probe(t, { url: server.url, ...only });
    await p.open('/');
    await p.take({ is: 'connected' });
    await new Promise((r) => setTimeout(r, 900));
    assert.deepEqual((await p.emit('echo', [1])).args, [1]);
    assert.deepEqual(p.lines, []);
    for (const socket of server.io.sockets.sockets.values()) {
      clearTimeout(socket.conn.pingIntervalTimer);
      socket.conn.schedulePing = () => {};
      socket.conn.pingIntervalTimer = { refresh() {} };
    }
    assert.equal((await p.take({ is: 'disconnected' })).reason, 'ping timeout');
    await p.take({ is: 'connected' });
    await p.end();
  });
}

test('a server that has polling alone, and one whose WebSockets are refused on the way', async (t) => {
  const alone = await node(t, { transports: ['polling'] });
  const http = createServer();
  const server = await node(t, {}, { http });
  http.removeAllListeners('upgrade');
  http.on('upgrade', (request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
  const silent = await node(t, {}, { http: createServer() });
  silent.http.removeAllListeners('upgrade');
  silent.http.on('upgrade', (request, socket) => socket.resume().on('end', () => socket.end()));
  for (const { url } of [alone, server, silent]) {
    const p = probe(t, { url, connectTimeout: 500 });
    await p.open('/');
    assert.equal((await p.take({ is: 'connected' })).transport, 'polling');
    assert.deepEqual((await p.emit('echo', [1])).args, [1]);
    await p.end();
  }
  const p = probe(t, { url: server.url, polling: false });
  await p.open('/');
  assert.equal((await p.take({ is: 'error' })).sentence, 'The server refused WebSocket with status 403.');
  await p.end();
});

test('what the server says of a refusal is told; what is no Socket.IO is named so', async (t) => {
  const server = await node(t, { allowRequest: (request, answer) => answer('too many of you', false) });
  const p = probe(t, { url: server.url });
  await p.open('/');
  assert.equal((await p.take({ is: 'error' })).sentence, 'The server refused the connection: too many of you (status 403).');
  await p.end();

  const http = createServer((request, response) => response.writeHead(404).end('no'));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => http.close());
  const q = probe(t, { url: `http://127.0.0.1:${http.address().port}` });
  await q.open('/');
  assert.equal((await q.take({ is: 'error' })).sentence, 'There is no Socket.IO server at this address (status 404).');
  await q.end();
});

test('what was missed comes after a recovery, and auth goes along', async (t) => {
  const server = await node(t, { connectionStateRecovery: {} });
  const p = probe(t, { url: server.url, auth: { token: 'x' }, backoff: 400 });
  await p.open('/');
  assert.equal((await p.take({ is: 'connected' })).recovered, false);
  await p.do({ do: 'emit', ns: '/', name: 'say', args: '1' });
  await p.take({ is: 'event', name: 'said' });
  await p.do({ do: 'emit', ns: '/', name: 'drop', args: '' });
  await p.take({ is: 'disconnected' });
  server.io.emit('said', 2);
  assert.equal((await p.take({ is: 'connected' })).recovered, true);
  assert.equal((await p.take({ is: 'event', name: 'said' })).args[0], 2);
  assert.equal((await p.emit('who', [])).args[0].token, 'x');
  await p.end();
});

test('TLS: a trusted certificate works, by both transports; a foreign one and a wrong name are refused', async (t) => {
  const good = certificate('DNS:localhost,IP:127.0.0.1'), wrong = certificate('DNS:example.org');
  const server = await node(t, {}, { http: createTlsServer(good) });
  const other = await node(t, {}, { http: createTlsServer(wrong) });
  for (const [url, options] of [
    [`https://127.0.0.1:${server.port}`, {}],
    [`wss://localhost:${server.port}`, {}],
    [`https://localhost:${server.port}`, { websocket: false }],
  ]) {
    const p = probe(t, { url, ca: good.path, ...options });
    await p.open('/');
    await p.take({ is: 'connected' });
    const bytes = randomBytes(200000);
    assert.deepEqual((await p.emit('echo', [placeholder(0)], { binary: [bytes] })).binary, [bytes.toString('base64')]);
    await p.do({ do: 'emit', ns: '/', name: 'drop', args: '' });
    await p.take({ is: 'connected' });
    await p.end();
  }
  for (const [url, ca, sentence] of [
    [`https://localhost:${other.port}`, wrong.path, /^The server's certificate is not for localhost/],
    [`https://127.0.0.1:${other.port}`, wrong.path, /^The server's certificate is not for 127\.0\.0\.1/],
    [`https://localhost:${server.port}`, wrong.path, /^The server's certificate is not trusted: self-signed certificate\.$/],
    [`https://localhost:${server.port}`, undefined, /^The server's certificate is not trusted/],
    [`https://127.0.0.1:${(await node(t)).port}`, good.path, /^TLS failed/],
  ]) {
    const p = probe(t, ca ? { url, ca } : { url });
    await p.open('/');
    assert.match((await p.take({ is: 'error' })).sentence, sentence);
    await p.end();
  }
});

// An HTTP proxy that knows CONNECT.
async function proxy(t, authorization) {
  const seen = [];
  const http = createServer((request, response) => response.writeHead(400).end());
  http.on('connect', (request, socket, head) => {
    seen.push(request.url);
    if (authorization && request.headers['proxy-authorization'] !== authorization)
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    const [host, port] = request.url.split(':');
    const out = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      out.write(head);
      out.pipe(socket).pipe(out);
    });
    out.on('error', () => socket.destroy());
    socket.on('error', () => out.destroy());
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => { http.closeAllConnections(); http.close(); });
  return { seen, address: `127.0.0.1:${http.address().port}` };
}

test('a proxy of the environment is used, with its password; no_proxy excepts', async (t) => {
  const tls = certificate('DNS:localhost,IP:127.0.0.1');
  const plain = await node(t), secure = await node(t, {}, { http: createTlsServer(tls) });
  const open = await proxy(t);
  const locked = await proxy(t, 'Basic ' + Buffer.from('me:p@ss').toString('base64'));
  const cases = [
    [{ url: plain.url }, { http_proxy: `http://${open.address}` }, open, plain],
    [{ url: plain.url, websocket: false }, { all_proxy: `http://${open.address}` }, open, plain],
    [{ url: `https://127.0.0.1:${secure.port}`, ca: tls.path }, { https_proxy: `http://me:p%40ss@${locked.address}` }, locked, secure],
  ];
  for (const [options, env, through, to] of cases) {
    through.seen.length = 0;
    const p = probe(t, options, env);
    await p.open('/');
    await p.take({ is: 'connected' });
    assert.deepEqual((await p.emit('echo', [1])).args, [1]);
    assert.ok(through.seen.length > 0 && through.seen.every((s) => s === `127.0.0.1:${to.port}`), `${through.seen}`);
    await p.end();
  }
  open.seen.length = 0;
  const direct = probe(t, { url: plain.url }, { http_proxy: `http://${open.address}`, no_proxy: 'example.org, 127.0.0.1' });
  await direct.open('/');
  await direct.take({ is: 'connected' });
  assert.deepEqual(open.seen, []);
  await direct.end();
  const refused = probe(t, { url: plain.url }, { http_proxy: `http://${locked.address}` });
  await refused.open('/');
  assert.match((await refused.take({ is: 'error' })).sentence, /^The proxy wants a name and a password/);
  await refused.end();
});

test('nothing listens, no such name, no answer: each is told in words', async (t) => {
  const tcp = createTcpServer(() => {});
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const silent = tcp.address().port;
  const gone = createTcpServer();
  gone.listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const closed = gone.address().port;
  gone.close();
  for (const [url, sentence] of [
    [`http://127.0.0.1:${closed}`, "Nothing listens at the server's address and port."],
    ['http://no.such.name.invalid', "The server's name is not known to the name service."],
    [`http://127.0.0.1:${silent}`, 'The server did not answer in time.'],
    [`https://127.0.0.1:${silent}`, 'The server did not answer in time.'],
  ]) {
    const p = probe(t, { url, connectTimeout: 300 });
    await p.open('/');
    assert.equal((await p.take({ is: 'error' })).sentence, sentence);
    await p.end();
  }
  tcp.close();
});

for (const transport of ['websocket', 'polling']) {
  test(`${transport}: antiphond, both namespaces, a message told and one refused`, async (t) => {
    const server = await serve(t);
    const { token } = await server.register('ada');
    const only = { [transport === 'websocket' ? 'polling' : 'websocket']: false };
    const p = probe(t, { url: server.url, auth: { token }, ...only });
    await p.open('/chat', '/music');
    assert.equal((await p.take({ is: 'connected', ns: '/chat' })).transport, transport);
    await p.take({ is: 'connected', ns: '/music' });
    assert.equal((await p.take({ is: 'event', ns: '/chat', name: 'DATA_RECEIVED' })).args[0].dataType, 'snapshot');
    assert.equal((await p.emit('USER_CONNECT', [{}], { ns: '/music' })).args[0].ok, true);
    const told = (await p.emit('MESSAGE_SENT', [{ message: 'hello' }], { ns: '/chat' })).args[0];
    assert.equal(told.ok, true);
    assert.equal(told.seq, 1);
    assert.equal((await p.emit('GET_HISTORY', [{ groupId: told.groupId }], { ns: '/chat' })).args[0].messages.length, 1);
    assert.equal((await p.emit('NO_SUCH', [{}], { ns: '/chat' })).args[0].error.errorCode, 'unknown_event');
    await p.end();

    const stranger = probe(t, { url: server.url, auth: { token: 'no' }, ...only });
    await stranger.open('/chat');
    assert.equal(JSON.parse((await stranger.take({ is: 'refused', ns: '/chat' })).data).errorCode, 'unauthorized');
    await stranger.end();
  });
}

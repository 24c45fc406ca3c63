// SPDX-License-Identifier: MIT
//
// sio_hooks - what a program on sio.h may decide and is told: ids, refusals, a first message, compression of one emit, ends.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { ask, conform, openWire, Wire } from './lib/conformance.mjs';

const poll = '/socket.io?EIO=4&transport=polling';
const socket = '/socket.io?EIO=4&transport=websocket';
const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' };

let ids = 0;
const freshId = () => `id_${String(ids++).padStart(17, '-')}`;
const open = (server, id = freshId()) => ask(server, `${poll}&id=${id}`);
const post = (server, sid, body) => ask(server, `${poll}&sid=${sid}`, { method: 'POST', body });
const get = (server, sid, headers) => ask(server, `${poll}&sid=${sid}`, { headers });

async function connected(server) {
  const { sid } = JSON.parse((await open(server)).body.slice(1));
  await post(server, sid, '40');
  assert.match((await get(server, sid)).body, /^40\{/);
  return sid;
}

async function connectedWire(server) {
  const wire = await openWire(server, `${socket}&id=${freshId()}`);
  assert.match(await wire.next(), /^0\{/);
  wire.send('40');
  assert.match(await wire.next(), /^40\{/);
  return wire;
}

for (const threads of [1, 3]) {
  test(`the program gives sessions their ids, ${threads} threads`, async (t) => {
    const server = await conform(t, 'hooks', threads);
    const mine = 'my-own_id-0123456789';
    const answer = await open(server, mine);
    const { sid } = JSON.parse(answer.body.slice(1));
    assert.equal(sid.slice(1), mine.slice(1));
    if (threads === 1) assert.equal(sid, mine);
    await post(server, sid, '40');
    assert.match((await get(server, sid)).body, /^40\{/);

    const refused = '{"code":3,"message":"Bad request"}';
    if (threads === 1) { // with more the same may live on each
      assert.equal((await open(server, mine)).body, refused);
      const taken = new Wire(`ws://${server.host}:${server.port}${socket}&id=${mine}`);
      assert.equal(await taken.next(), null);
      assert.match(taken.error.message, /400/);
    }
    assert.equal((await open(server, 'no/id/of/this/kind/!')).body, refused);
    assert.equal((await ask(server, poll)).body, refused);
    const wire = await openWire(server, `${socket}&id=another-id-012345678`);
    assert.match(await wire.next(), /^0\{"sid":".nother-id-012345678"/);
    wire.close();
  });

  test(`the program is told of refused requests, ${threads} threads`, async (t) => {
    const server = await conform(t, 'hooks', threads);
    const sid = await connected(server);
    const who = (name) => ({ 'X-Who': name });
    await ask(server, '/socket.io?EIO=4&transport=x', { headers: who('a') });
    await ask(server, `${poll}&sid=nobody`, { headers: who('b') });
    await ask(server, poll, { method: 'POST', headers: who('c') });
    await ask(server, socket, { headers: who('d') });
    await ask(server, `${socket}&sid=${sid}`, { headers: who('e') });
    await ask(server, `${poll}&EIO=3&sid=${sid}`, { headers: who('f') });
    await ask(server, '/socket.io?EIO=3&transport=polling', { headers: who('g') });
    await ask(server, `${poll}&deny`, { headers: who('h') });
    await ask(server, `${socket}&deny`, { headers: { ...upgrade, ...who('i') } });
    await ask(server, poll, { headers: who('j') });
    await ask(server, `${poll}&sid=${sid}`, { method: 'POST', headers: who('k'), body: 'x'.repeat(1001) });
    await ask(server, `${socket}&sid=${sid}`, { headers: { ...upgrade, 'Sec-WebSocket-Key': 'x', ...who('l') } });
    const expected = [
      '0 400 UNKNOWN_TRANSPORT||Transport unknown|GET /socket.io?EIO=4&transport=x a',
      `1 400 UNKNOWN_SESSION||Session ID unknown|GET ${poll}&sid=nobody b`,
      `2 400 BAD_HANDSHAKE_METHOD||Bad handshake method|POST ${poll} c`,
      `3 400 TRANSPORT_HANDSHAKE_ERROR||Bad request|GET ${socket} d`,
      `3 400 TRANSPORT_MISMATCH||Bad request|GET ${socket}&sid=${sid} e`,
      `3 400 PROTOCOL_MISMATCH||Bad request|GET ${poll}&EIO=3&sid=${sid} f`,
      '5 400 UNSUPPORTED_PROTOCOL_VERSION||Unsupported protocol version|GET /socket.io?EIO=3&transport=polling g',
      `4 403 FORBIDDEN||Not you|GET ${poll}&deny h`,
      `4 400 FORBIDDEN||Not you|GET ${socket}&deny i`,
      `3 400 ID_GENERATION_ERROR||Bad request|GET ${poll} j`,
      `-1 413 LIMIT_EXCEEDED|bytes of a body or message||POST ${poll}&sid=${sid} k`,
      `3 400 TRANSPORT_HANDSHAKE_ERROR||Bad request|GET ${socket}&sid=${sid} l`,
    ];
    let told;
    do told = (await ask(server, '/errors')).body.trim().split('\n'); while (told.length < expected.length); // from other threads a little later
    assert.deepEqual(told.sort(), expected.sort());
    const letIn = await Promise.all(Array.from({ length: 200 }, () => open(server)));
    assert.ok(letIn.some((a) => a.status === 503));
    let all;
    do all = (await ask(server, '/errors')).body; while (!all.includes('-1 503 LIMIT_EXCEEDED|handshakes a second|Unavailable|'));
  });

  test(`a bare WebSocket with ${threads} threads, and one that nobody serves`, async (t) => {
    const echo = await conform(t, 'websocket', threads);
    const wire = await openWire(echo, '/any/path');
    wire.send('text');
    assert.equal(await wire.next(), 'text');
    wire.close();
    for (const [path, options] of [['/nobody', {}], ['/any', { origin: 'http://evil.example' }]]) { // the program refuses these
      const refused = new Wire(`ws://${echo.host}:${echo.port}${path}`, options);
      assert.equal(await refused.next(), null);
      assert.match(refused.error.message, /403/);
    }

    const server = await conform(t, 'protocol', threads); // Node destroys these after a second; here they are answered at once
    const foreign = connect(server.port, server.host);
    foreign.write(`GET /other HTTP/1.1\r\nHost: x\r\n${Object.entries(upgrade).map((f) => f.join(': ')).join('\r\n')}\r\n\r\n`);
    const pieces = [];
    foreign.on('data', (d) => pieces.push(d));
    await once(foreign, 'end');
    assert.match(Buffer.concat(pieces).toString(), /^HTTP\/1.1 404 [^]*\r\nConnection: close\r\n/);
    const hooks = await conform(t, 'hooks', threads);
    const answered = await ask(hooks, '/other', { headers: upgrade });
    assert.deepEqual([answered.status, answered.body, answered.headers.connection], [404, 'nothing', 'close']);
  });
}

test('the path without a slash at its end', async (t) => {
  const server = await conform(t, 'hooks');
  assert.equal((await open(server)).status, 200);
  assert.equal((await ask(server, `/socket.io/?EIO=4&transport=polling&id=${freshId()}`)).status, 200);
  assert.equal((await ask(server, '/socket.i?EIO=4&transport=polling')).status, 404);
  const withSlash = await conform(t, 'initial'); // its program says "/engine.io"
  assert.equal((await ask(withSlash, '/engine.io?EIO=4&transport=polling')).status, 404);
  assert.equal((await ask(withSlash, '/engine.io/?EIO=4&transport=polling')).status, 200);
});

test('a first message behind open', async (t) => {
  const server = await conform(t, 'initial');
  const first = Buffer.from('\x01first\x02');
  const wire = await openWire(server, '/engine.io/?EIO=4&transport=websocket');
  assert.match(await wire.next(), /^0\{/);
  assert.deepEqual(await wire.next(), first);
  wire.close();
  const old = await openWire(server, '/engine.io/?EIO=3&transport=websocket');
  assert.match(await old.next(), /^0\{/);
  assert.deepEqual(await old.next(), Buffer.from('\x04\x01first\x02'));
  old.close();
  const path = '/engine.io/?EIO=4&transport=polling';
  const { sid } = JSON.parse((await ask(server, path, { headers: { 'X-Who': 'me' } })).body.slice(1));
  assert.equal((await ask(server, `${path}&sid=${sid}`)).body, `b${first.toString('base64')}`);

  await ask(server, `${path}&sid=${sid}`, { method: 'POST', body: '4?' }); // and who it is stays known
  assert.equal((await ask(server, `${path}&sid=${sid}`)).body, '4polling 127.0.0.1 EIO=4&transport=polling me');
  const upgraded = await openWire(server, `/engine.io/?EIO=4&transport=websocket&sid=${sid}`);
  upgraded.send('5');
  upgraded.send('4?');
  assert.equal(await upgraded.next(), '4websocket 127.0.0.1 EIO=4&transport=polling me');
  upgraded.close();
});

test('one emit goes as it is where others are compressed', async (t) => {
  const server = await conform(t, 'hooks');
  const sid = await connected(server);
  const gzip = { 'Accept-Encoding': 'gzip' };
  const polled = async (...events) => {
    await post(server, sid, events.map((e) => `42["${e}"]`).join('\x1e'));
    const answer = await get(server, sid, gzip);
    return [answer.headers['content-encoding'], answer.bytes.length > 2000];
  };
  assert.deepEqual(await polled('long'), ['gzip', false]);
  assert.deepEqual(await polled('long, as it is'), [undefined, true]);
  assert.deepEqual(await polled('long, as it is, to all'), [undefined, true]);
  assert.deepEqual(await polled('long, as it is', 'long'), ['gzip', false]); // one that wants it is enough

  const wire = await connectedWire(server);
  const travelled = async (event) => {
    const before = wire.socket._socket.bytesRead;
    wire.send(`42["${event}"]`);
    assert.match(await wire.next(), /^42\["long","a{1998}"\]$/);
    return wire.socket._socket.bytesRead - before > 2000;
  };
  assert.equal(await travelled('long'), false);
  assert.equal(await travelled('long, as it is'), true);
  assert.equal(await travelled('long, as it is, to all'), true);
  wire.close();
});

test('the server ends a session', async (t) => {
  const server = await conform(t, 'hooks');
  let sid = await connected(server); // out of a namespace: the connection stays
  await post(server, sid, '40/custom,');
  assert.match((await get(server, sid)).body, /^40\/custom,\{/);
  await post(server, sid, '42["disconnect me"]');
  assert.equal((await get(server, sid)).body, '41');
  await post(server, sid, '42/custom,["echo",1]');
  assert.equal((await get(server, sid)).body, '42/custom,["echo",1]');

  sid = await connected(server); // out of all: what is queued goes first
  await post(server, sid, '40/custom,\x1e42["echo"]\x1e42["disconnect all of me"]');
  const [joined, ...rest] = (await get(server, sid)).body.split('\x1e');
  assert.match(joined, /^40\/custom,\{/);
  assert.deepEqual([rest[0], ...rest.slice(1).sort()], ['42["echo"]', '1', '41', '41/custom,']);
  assert.equal(rest.at(-1), '1');
  assert.equal(JSON.parse((await get(server, sid)).body).code, 1);

  const wire = await connectedWire(server);
  wire.send('42["disconnect all of me"]');
  assert.equal(await wire.next(), '41');
  assert.equal(await wire.next(), null);
});

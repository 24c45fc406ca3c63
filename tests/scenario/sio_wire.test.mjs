// SPDX-License-Identifier: MIT
//
// sio_wire - what a client of Engine.IO and Socket.IO sees on the wire, byte by byte: status codes, polls, upgrades,
// packets that close a connection and packets that do not.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ask, conform, openWire, Wire } from './lib/conformance.mjs';

const poll = '/socket.io/?EIO=4&transport=polling';
const socket = '/socket.io/?EIO=4&transport=websocket';
const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' };

async function handshake(server, path = poll, options) {
  const answer = await ask(server, path, options);
  assert.equal(answer.status, 200, answer.body);
  return { ...answer, ...JSON.parse(answer.body.slice(answer.body.indexOf('{'))) };
}

const post = (server, sid, body, options = {}) => ask(server, `${poll}&sid=${sid}`,
  { method: 'POST', headers: { 'Content-Type': 'text/plain;charset=UTF-8' }, body, ...options });
const get = (server, sid) => ask(server, `${poll}&sid=${sid}`);

test('requests that are refused', async (t) => {
  const server = await conform(t, 'protocol');
  for (const [path, method, code, message] of [
    ['/socket.io/?EIO=4', 'GET', 0, 'Transport unknown'],
    ['/socket.io/?EIO=4&transport=x', 'GET', 0, 'Transport unknown'],
    [`${poll}&sid=nobody`, 'GET', 1, 'Session ID unknown'],
    [`${poll}&sid=nobody`, 'POST', 1, 'Session ID unknown'],
    [poll, 'POST', 2, 'Bad handshake method'],
    [poll, 'PUT', 2, 'Bad handshake method'],
    [socket, 'GET', 3, 'Bad request'],
    ['/socket.io/?EIO=3&transport=polling', 'GET', 5, 'Unsupported protocol version'],
    ['/socket.io/?EIO=40&transport=polling', 'GET', 5, 'Unsupported protocol version'],
    ['/socket.io/?transport=polling', 'GET', 5, 'Unsupported protocol version'],
  ]) {
    const answer = await ask(server, path, { method });
    assert.equal(answer.status, 400, path);
    assert.equal(answer.headers['content-type'], 'application/json', path);
    assert.equal(answer.body, JSON.stringify({ code, message }), path);
  }
  for (const [path, message] of [['/socket.io/?EIO=4&transport=x', 'Transport unknown'], [`${socket}&sid=nobody`, 'Session ID unknown']]) {
    const answer = await ask(server, path, { headers: upgrade });
    assert.equal(answer.status, 400);
    assert.equal(answer.body, message);
    assert.equal(answer.headers['content-type'], 'text/html');
    assert.equal(answer.headers.connection, 'close');
  }
  assert.equal((await ask(server, '/socket.io?EIO=4&transport=polling')).status, 404);
  await handshake(server, '/socket.io/deeper/?EIO=4&transport=polling&sid=');
});

test('a poll, a post, and their headers', async (t) => {
  const server = await conform(t, 'protocol');
  const open = await handshake(server);
  assert.deepEqual(Object.keys(JSON.parse(open.body.slice(1))), ['sid', 'upgrades', 'pingInterval', 'pingTimeout', 'maxPayload']);
  assert.match(open.sid, /^[\w-]{20}$/);
  assert.deepEqual(open.upgrades, ['websocket']);
  assert.equal(open.headers['content-type'], 'text/plain; charset=UTF-8');
  assert.equal(open.headers['cache-control'], 'no-store');
  const posted = await post(server, open.sid, '40{"token":"x"}');
  assert.equal(posted.status, 200);
  assert.equal(posted.body, 'ok');
  assert.equal(posted.headers['content-type'], 'text/html');
  const polled = await get(server, open.sid);
  const [connected, auth] = polled.body.split('\x1e');
  assert.match(connected, /^40\{"sid":"[\w-]{20}"\}$/);
  assert.equal(auth, '42["auth",{"token":"x"}]');
  await post(server, open.sid, '452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]\x1ebBAU=\x1ebAQID');
  assert.equal((await get(server, open.sid)).body,
    '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]\x1ebBAU=\x1ebAQID');
});

test('what goes wrong with a polling session', async (t) => {
  const server = await conform(t, 'legacy'); // default timers
  const gone = async (sid) => assert.equal(JSON.parse((await get(server, sid)).body).code, 1);

  let { sid } = await handshake(server);
  const [first, second] = await Promise.all([get(server, sid), get(server, sid)]);
  assert.deepEqual([first.status, second.status].sort(), [200, 400]);
  assert.equal(first.status === 200 ? first.body : second.body, '1');
  await gone(sid);

  for (const body of ['', '9', '4a\x1e', '2', '4', '40\x1e41\x1e42["x"]', 'b!', '\xff'])
    await handshake(server).then(async (h) => {
      const answer = await post(server, h.sid, Buffer.from(body, 'latin1'));
      assert.equal(answer.status, 200, JSON.stringify(body));
      assert.equal(answer.body, 'ok');
      const next = await get(server, h.sid);
      assert.ok(next.status === 400 || /(^|\x1e)1$/.test(next.body), JSON.stringify([body, next.body]));
    });

  ({ sid } = await handshake(server));
  for (const body of ['3', '0', '5', '6']) assert.equal((await post(server, sid, body)).body, 'ok');
  assert.equal((await post(server, sid, 'x'.repeat(1000001))).status, 413);
  assert.equal((await ask(server, `${poll}&sid=${sid}`, { method: 'PUT' })).status, 500);
  assert.equal((await ask(server, `/socket.io/?EIO=3&transport=polling&sid=${sid}`)).status, 400);
  assert.equal((await ask(server, `${socket}&sid=${sid}`)).status, 400);
  const pending = get(server, sid);
  assert.equal((await post(server, sid, '1')).body, 'ok');
  assert.equal((await pending).body, '6');
  await gone(sid);

  ({ sid } = await handshake(server));
  const octets = await post(server, sid, '4a', { headers: { 'Content-Type': 'application/octet-stream' } });
  assert.equal(octets.status, 400);
  await gone(sid);
});

test('a WebSocket takes over from polling', async (t) => {
  const server = await conform(t, 'legacy');
  const { sid } = await handshake(server);
  await post(server, sid, '40');
  const wrong = await openWire(server, `${socket}&sid=${sid}`);
  wrong.send('4x');
  assert.equal(await wrong.next(), null); // that one alone
  const wire = await openWire(server, `${socket}&sid=${sid}`);
  wire.send('2probe');
  assert.equal(await wire.next(), '3probe');
  const second = await openWire(server, `${socket}&sid=${sid}`);
  assert.equal(await second.next(), null);
  assert.match((await get(server, sid)).body, /^40/);
  assert.equal((await get(server, sid)).body, '6');
  await post(server, sid, '42["message","while it probes"]');
  wire.send('5');
  assert.match(await wire.next(), /^42\["auth"|^42\["message-back"/);
  wire.send('42["message",1]');
  let message;
  do message = await wire.next(); while (message !== '42["message-back",1]');
  assert.equal((await get(server, sid)).status, 400);
  const third = await openWire(server, `${socket}&sid=${sid}`);
  assert.equal(await third.next(), null);
  wire.send('2');
  assert.equal(await wire.next(), null); // a ping from the wrong side
});

test('packets that close the connection, and packets that do not', async (t) => {
  const server = await conform(t, 'legacy');
  const closing = ['49', '42{"a":1}', '42[]', '42[null]', '42["connect"]', '42["disconnecting"]', '40', '41{}', '44{}',
    '42/nowhere,["x"]', '4', '42["x"', '43{}', '451-["x",{"_placeholder":true,"num":1}]', '4511-["x"]', '450-["x"]',
    '451.5-["x"]', '45-["x"]', Buffer.from('x'), '9', '2probe'];
  for (const packet of closing) {
    const wire = await openWire(server, socket);
    await wire.next();
    wire.send('40');
    await wire.next();
    await wire.next();
    wire.send(packet);
    assert.equal(await wire.next(), null, String(packet));
  }
  for (const packet of ['40null', '40[]', '40"x"', '42["x"]', '41']) { // before any CONNECT
    const wire = await openWire(server, socket);
    await wire.next();
    wire.send(packet);
    assert.equal(await wire.next(), null, packet);
  }
  const wire = await openWire(server, socket);
  await wire.next();
  wire.send('40');
  await wire.next();
  await wire.next();
  for (const packet of ['42', '42[1,2]', '43[]', '4399[]', '42/,["message"]', '1', '5', '6', '3']) wire.send(packet);
  wire.send('40/nowhere?x=1,');
  wire.send('4201["message-with-ack","e"]');
  assert.equal(await wire.next(), '42["message-back"]');
  assert.equal(await wire.next(), '44/nowhere?x=1,{"message":"Invalid namespace"}');
  assert.equal(await wire.next(), '431["e"]');
  wire.send('41');
  wire.send('40/custom,');
  assert.match(await wire.next(), /^40\/custom,\{/); // it stays open
  wire.close();
});

// ---- why a socket goes: the profile `watched` says so to whoever is in /watch ----

async function watch(t) {
  const server = await conform(t, 'watched');
  const watcher = await openWire(server, socket);
  await watcher.next();
  watcher.send('40/watch,');
  await watcher.next();
  return { ...server, reason: async () => JSON.parse((await watcher.next()).slice('42/watch,'.length))[1] };
}

async function joined(server) {
  const wire = await openWire(server, socket);
  await wire.next();
  wire.send('40');
  assert.match(await wire.next(), /^40\{/);
  return wire;
}

async function joinedPolling(server) {
  const { sid } = await handshake(server);
  await post(server, sid, '40');
  assert.match((await get(server, sid)).body, /^40\{/);
  return sid;
}

// Stricter than socket.io-parser 4.2 in five of these: it takes CONNECT_ERROR, 1e0 and +1 for numbers of attachments, half a
// placeholder, and an empty packet for a CONNECT.
const refusedByParser = [
  ['an unknown type', '49', '47', '4x'],
  ['an event that is no array', '42{"a":1}', '42"x"', '421{}', '42null'],
  ['an event without name', '42[]', '42[null]', '42[{}]', '42[true]', '42[["x"]]', '451-[]'],
  ...['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']
    .map((name) => ['a reserved name', `42["${name}"]`, `451-["${name}",{"_placeholder":true,"num":0}]`]),
  ['a CONNECT with more than an object', '40/custom,null', '40/custom,[]', '40/custom,"x"', '40/custom,true', '40/custom,-1'],
  ['a DISCONNECT with a payload', '41{}', '41""', '41[]'],
  ['a CONNECT_ERROR', '44{}', '44"x"', '44{"message":"x"}'],
  ['bytes that nobody announced', Buffer.from('x'), 'beA=='],
  ['more than ten attachments', '4511-["x"]', '4611-1[]', '45100-["x"]'],
  ['no attachment', '450-["x"]', '460-1[]', '45-1-["x"]'],
  ['a number of attachments that is none', '451.5-["x"]', '45-["x"]', '45["x"]', '451e0-["x"]', '45x-["x"]', '45+1-["x"]', '451'],
  ['a placeholder out of range', '451-["x",{"_placeholder":true,"num":1}]', '451-["x",{"_placeholder":true,"num":-1}]',
    '451-["x",{"_placeholder":true,"num":0.5}]', '451-["x",{"_placeholder":true,"num":"0"}]', '451-["x",[{"a":{"_placeholder":true}}]]'],
  ['malformed JSON', '42["x"', '42["x",]', "42['x']", '42["x"]]', '42["x",01]', '42["\\x"]', '42["x",NaN]'],
  ['an acknowledgement that is no array', '431{}', '431"x"', '431null', '43{}', '461-1{}'],
  ['nothing', '4'],
];

const refusedByState = [
  ['a namespace that was not joined', '42/nowhere,["x"]', '42/custom,["x"]', '41/custom,', '43/custom,1[]', '451-/custom,["x",{"_placeholder":true,"num":0}]'],
  ['a second CONNECT', '40', '40{"token":"x"}'],
];

const refusedByEngine = [
  ['parse error', '9', 'x', 'b!', ''],
  ['transport error', '2', '2probe', Buffer.alloc(1000001), 'x'.repeat(1000001)],
];

test('each packet that closes a connection, and the reason', async (t) => {
  const server = await watch(t);
  const table = [...refusedByParser.map(([what, ...packets]) => [what, 'forced close', packets]),
    ...refusedByState.map(([what, ...packets]) => [what, 'forced server close', packets]),
    ...refusedByEngine.map(([reason, ...packets]) => [reason, reason, packets])];
  for (const [what, reason, packets] of table) {
    for (const packet of packets) {
      const wire = await joined(server);
      wire.send(packet);
      assert.equal(await wire.next(), null, `${what}: ${String(packet).slice(0, 80)}`);
      assert.equal(await server.reason(), reason, `${what}: ${String(packet).slice(0, 80)}`);
    }
  }
  const half = '452-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]';
  for (const packets of [[half, '42["echo"]'], [half, Buffer.from('a'), '3', '41'], [half, half]]) {
    const wire = await joined(server);
    for (const packet of packets) wire.send(packet);
    assert.equal(await wire.next(), null, 'a text while attachments are missing');
    assert.equal(await server.reason(), 'forced close');
  }
  const twice = await joined(server); // out of one namespace, the others stay
  twice.send('40/custom,');
  await twice.next();
  twice.send('41/custom,');
  assert.equal(await server.reason(), 'client namespace disconnect');
  twice.send('41');
  assert.equal(await server.reason(), 'client namespace disconnect');
  twice.send('42["echo"]');
  assert.equal(await twice.next(), null);
});

test('packets that Node tolerates', async (t) => {
  const server = await watch(t);
  const wire = await joined(server);
  for (const packet of ['42', '421', '42[1,2]', '42[-1.5]', '43[]', '4399[]', '43', '42/,["x"]', '4201["x"]', '42 ["x"]', '42["x"] ',
    '4218446744073709551616["x"]', '42999999999999999999999["x"]', '1', '0', '5', '6', '3', '3probe']) wire.send(packet);
  for (const packet of ['451-["echo"]', '451-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]', '42["echo",{"_placeholder":1}]']) {
    wire.send(packet);
    if (packet.startsWith('45')) wire.send(Buffer.from([1]));
    assert.match(await wire.next(), /^4[25](1-)?\["echo"/);
    if (packet.startsWith('45')) assert.deepEqual(await wire.next(), Buffer.from([1]));
  }
  wire.close();
  assert.equal(await server.reason(), 'transport close');
});

test('each way in which a polling session ends, and the reason', async (t) => {
  const server = await watch(t);
  const gone = async (sid, reason) => {
    assert.equal(await server.reason(), reason);
    assert.equal(JSON.parse((await get(server, sid)).body).code, 1);
  };
  const raw = (sid, method, fields) => {
    const c = connect(server.port, server.host);
    c.write(`${method} ${poll}&sid=${sid} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`);
    return c;
  };

  for (const [reason, ...bodies] of [['parse error', '', '9', 'x', 'b!', '\x1e', '42["echo"]\x1e'], ['transport error', '2', '2probe'],
    ['forced close', '4', '49', '44{}'], ['forced server close', '40', '42/custom,["x"]'], ['client namespace disconnect', '41']]) {
    for (const body of bodies) {
      const sid = await joinedPolling(server);
      assert.deepEqual([body, (await post(server, sid, body)).body], [body, 'ok']);
      assert.equal(await server.reason(), reason, JSON.stringify(body));
      if (/error/.test(reason)) assert.equal(JSON.parse((await get(server, sid)).body).code, 1);
    }
  }

  let sid = await joinedPolling(server); // a second GET
  const both = await Promise.all([get(server, sid), get(server, sid)]);
  assert.deepEqual(both.map((a) => [a.status, a.body]).sort(), [[200, '1'], [400, '']]);
  await gone(sid, 'transport error');

  sid = await joinedPolling(server); // a second POST
  const first = raw(sid, 'POST', 'Content-Length: 10\r\nExpect: 100-continue\r\n');
  assert.match(String((await once(first, 'data'))[0]), /^HTTP\/1.1 100 /);
  const closed = once(first.resume(), 'close');
  first.on('data', () => assert.fail('the first POST was answered'));
  const second = await post(server, sid, '3');
  assert.deepEqual([second.status, second.body], [400, '']);
  await closed;
  await gone(sid, 'transport error');

  sid = await joinedPolling(server); // a GET that its peer gives up
  raw(sid, 'GET', '').end();
  await gone(sid, 'transport error');

  sid = await joinedPolling(server); // bytes, which revision 4 has in another form
  const octets = await post(server, sid, '3', { headers: { 'Content-Type': 'application/octet-stream' } });
  assert.deepEqual([octets.status, octets.body], [400, '']);
  await gone(sid, 'transport error');

  sid = await joinedPolling(server); // the client says goodbye
  const waiting = get(server, sid);
  assert.equal((await post(server, sid, '1')).body, 'ok');
  assert.ok(['6', '1'].includes((await waiting).body) || (await waiting).status === 400);
  await gone(sid, 'transport close');
});

test('what does not end a polling session', async (t) => {
  const server = await watch(t);
  const sid = await joinedPolling(server);
  const large = await post(server, sid, 'x'.repeat(1000001));
  assert.deepEqual([large.status, large.body], [413, '']);
  for (const method of ['PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS']) { // without `cors_origins` OPTIONS is one of them
    const answer = await ask(server, `${poll}&sid=${sid}`, { method });
    assert.deepEqual([method, answer.status, answer.body], [method, 500, '']);
    const opening = await ask(server, poll, { method });
    assert.deepEqual([method, opening.status, opening.body], [method, 400, method === 'HEAD' ? '' : '{"code":2,"message":"Bad handshake method"}']);
  }
  for (const body of ['3', '0', '5', '6', '3\x1e0\x1e5\x1e6']) assert.equal((await post(server, sid, body)).body, 'ok');
  await post(server, sid, '42["volatile","dropped: nobody waits"]');
  await post(server, sid, '42["echo",1]\x1e42["volatile","the same"]\x1e42["echo",2]');
  assert.equal((await get(server, sid)).body, '42["echo",1]\x1e42["echo",2]');
});

test('JSONP and Engine.IO 3', async (t) => {
  const server = await conform(t, 'engine3');
  const jsonp = '/engine.io/?EIO=4&transport=polling&j=3';
  const open = await ask(server, jsonp);
  assert.equal(open.headers['content-type'], 'text/plain; charset=UTF-8');
  const script = (body) => { let got; new Function('___eio', body)([0, 0, 0, (s) => { got = s; }]); return got; };
  const { sid } = JSON.parse(script(open.body).slice(1));
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  await ask(server, `${jsonp}&sid=${sid}`, { method: 'POST', headers: form, body: 'd=' + encodeURIComponent('4a\\nb\\\\n\u2028"') });
  const answer = await ask(server, `${jsonp}&sid=${sid}`);
  assert.equal(script(answer.body), '4a\nb\\n\u2028"');
  assert.doesNotMatch(answer.body, /\u2028/);

  const old = '/engine.io/?EIO=3&transport=polling';
  const bytes = await ask(server, old);
  assert.match(bytes.body, /^\d+:0\{/);
  const session = JSON.parse(bytes.body.slice(bytes.body.indexOf('{'))).sid;
  const octets = Buffer.from([0, 3, 255, 52, 104, 105, 1, 3, 255, 4, 1, 2]);
  await ask(server, `${old}&sid=${session}`, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: octets });
  const polled = await ask(server, `${old}&sid=${session}`);
  assert.equal(polled.headers['content-type'], 'application/octet-stream');
  assert.deepEqual(polled.bytes, octets);
});

test('preflights, foreign origins, refusals, cookies', async (t) => {
  const server = await conform(t, 'protocol');
  const preflight = await ask(server, poll, { method: 'OPTIONS',
    headers: { Origin: 'http://a.example', 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-one' } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-methods'], 'GET,HEAD,PUT,PATCH,POST,DELETE');
  assert.equal(preflight.headers['access-control-allow-headers'], 'x-one');
  const answer = await ask(server, poll, { headers: { Origin: 'http://a.example' } });
  assert.equal(answer.headers['access-control-allow-origin'], '*');

  const engine = await conform(t, 'engine-client');
  const denied = await ask(engine, '/engine.io/?EIO=4&transport=polling&deny=1');
  assert.equal(denied.status, 403);
  assert.equal(denied.body, '{"code":4,"message":"Forbidden"}');
  const socketDenied = await ask(engine, '/engine.io/?EIO=4&transport=websocket&deny=1', { headers: upgrade });
  assert.equal(socketDenied.status, 400);
  assert.equal(socketDenied.body, 'Forbidden');
  assert.equal((await ask(engine, '/engine.io/?EIO=4&transport=polling')).headers['set-cookie'].length, 4);

  const strict = await conform(t, 'strict');
  const cookie = await ask(strict, poll);
  const { sid } = JSON.parse(cookie.body.slice(1));
  assert.deepEqual(cookie.headers['set-cookie'], [`io=${sid}; Path=/; HttpOnly; SameSite=Lax`]);
  for (const [origin, status] of [['http://evil.example', 403], [strict.url, 200], ['https://friend.example', 200]])
    assert.equal((await ask(strict, poll, { headers: { Origin: origin } })).status, status, origin);
  const wire = new Wire(`ws://${strict.host}:${strict.port}${socket}`, { origin: 'http://evil.example' });
  assert.equal(await wire.next(), null);
  assert.match(wire.error.message, /400/);
  const friend = await openWire(strict, socket, { origin: 'https://friend.example' });
  assert.match(await friend.next(), /^0\{/);
  friend.close();
});

test('handshakes and packets of a second are bounded', async (t) => {
  const server = await conform(t, 'limits');
  const begun = Date.now();
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(server, poll)));
  const seconds = Math.ceil((Date.now() - begun) / 1000) + 1; // it may turn in between
  const letIn = answers.filter((a) => a.status === 200).length;
  assert.ok(letIn >= 5 && letIn <= 5 * seconds, `${letIn} in ${seconds} s`);
  assert.ok(answers.every((a) => a.status === 200 || a.status === 503));
  const { sid } = JSON.parse(answers.find((a) => a.status === 200).body.slice(1));
  await post(server, sid, ['40', ...Array(60).fill('42')].join('\x1e'));
  const next = await get(server, sid);
  assert.ok(next.status === 400 || next.body.endsWith('1'), next.body);
});

test('a bare WebSocket echoes', async (t) => {
  const server = await conform(t, 'websocket');
  const wire = await openWire(server, '/any/path');
  wire.send('text');
  assert.equal(await wire.next(), 'text');
  wire.send(Buffer.from([1, 2]));
  assert.deepEqual(await wire.next(), Buffer.from([1, 2]));
  wire.close();
  assert.equal(await wire.next(), null);
});

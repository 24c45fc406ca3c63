// SPDX-License-Identifier: MIT
//
// web_files - the web application as the server gives it out: codings, tags, caching, headers; and a build without it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build, serve } from './lib/antiphon.mjs';

// What the build was told; `auto` may be either.
const options = JSON.parse(readFileSync(join(build, 'meson-info', 'intro-buildoptions.json'), 'utf8'));
const wanted = options.find((o) => o.name === 'web').value;

// Without fetch, which takes every coding and undoes it.
function get(server, path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const r = request({ hostname, port, path, method, headers }, (answer) => {
      const pieces = [];
      answer.on('data', (d) => pieces.push(d));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }));
    });
    r.on('error', reject).end();
  });
}

// The server, and what its page names; null in a build without the application.
async function serving(t) {
  const server = await serve(t);
  const page = await get(server, '/');
  assert.ok(wanted === 'auto' || (page.status === 200) === (wanted === 'enabled'), `-Dweb=${wanted}, and / is ${page.status}`);
  if (page.status !== 200) return { server, page: null };
  const names = [...page.body.toString().matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((m) => m[1]);
  return { server, page, names, assets: names.filter((n) => n.startsWith('/assets/')) };
}

const undo = { br: brotliDecompressSync, gzip: gunzipSync };

test('the page, its scripts and its styles are there, each in the coding that is liked best', async (t) => {
  const { server, page, assets } = await serving(t);
  if (!page) return t.skip('a build without the web application');
  assert.ok(assets.some((n) => n.endsWith('.js')) && assets.some((n) => n.endsWith('.css')), String(assets));
  const cases = [
    ['gzip, deflate, br, zstd', 'br'], ['gzip', 'gzip'], ['br;q=0.5, gzip;q=0.8', 'gzip'], ['*', 'br'], ['identity', undefined],
    ['br;q=0, gzip;q=0', undefined],
  ];
  for (const path of ['/', ...assets]) {
    const plain = await get(server, path);
    assert.equal(plain.status, 200);
    assert.equal(plain.headers['content-encoding'], undefined);
    const tags = new Set();
    for (const [accepted, coding] of cases) {
      const r = await get(server, path, { 'accept-encoding': accepted });
      assert.equal(r.headers['content-encoding'], coding, `${path} for ${accepted}`);
      assert.equal(Number(r.headers['content-length']), r.body.length);
      assert.match(r.headers.vary, /Accept-Encoding/);
      assert.ok((undo[coding] ?? ((b) => b))(r.body).equals(plain.body), `${path} by ${coding} is the same`);
      tags.add(r.headers.etag);
    }
    assert.equal(tags.size, 3, 'each coding has a tag of its own');
    const hash = createHash('sha256').update(plain.body).digest('hex').slice(0, 32);
    assert.equal(plain.headers.etag, `"${hash}"`);
  }
  return undefined;
});

test('what has a hash in its name is kept for ever, the rest is asked for again and then not sent', async (t) => {
  const { server, page, names, assets } = await serving(t);
  if (!page) return t.skip('a build without the web application');
  assert.ok(names.includes('/manifest.webmanifest'));
  for (const path of ['/', ...names]) {
    const r = await get(server, path, { 'accept-encoding': 'br' });
    assert.equal(r.status, 200, path);
    assert.equal(r.headers['cache-control'], assets.includes(path) ? 'public, max-age=31536000, immutable' : 'no-cache', path);
    const again = await get(server, path, { 'accept-encoding': 'br', 'if-none-match': r.headers.etag });
    assert.equal(again.status, 304, path);
    assert.equal(again.body.length, 0);
    assert.equal(again.headers.etag, r.headers.etag);
    assert.equal((await get(server, path, { 'if-none-match': '"another"' })).status, 200);
  }
  const whole = await get(server, '/', { range: 'bytes=0-9' });
  assert.equal(whole.status, 200, 'ranges of a page are for nobody');
  return undefined;
});

test('HEAD says what GET would', async (t) => {
  const { server, page, assets } = await serving(t);
  if (!page) return t.skip('a build without the web application');
  for (const path of ['/', assets[0]]) {
    const head = await get(server, path, { 'accept-encoding': 'gzip' }, 'HEAD');
    const full = await get(server, path, { 'accept-encoding': 'gzip' });
    assert.equal(head.status, 200);
    assert.equal(head.body.length, 0);
    for (const name of ['content-length', 'content-type', 'content-encoding', 'etag', 'cache-control']) {
      assert.equal(head.headers[name], full.headers[name], name);
    }
  }
  return undefined;
});

test('types and guards stand on every file', async (t) => {
  const { server, page, names } = await serving(t);
  if (!page) return t.skip('a build without the web application');
  const types = {
    '/': 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml',
    webmanifest: 'application/manifest+json', png: 'image/png',
  };
  for (const path of ['/', ...names]) {
    const { headers } = await get(server, path);
    assert.equal(headers['content-type'], types[path.split('.').at(-1)], path);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.match(headers['permissions-policy'], /camera=\(\)/);
    const policy = new Map(headers['content-security-policy'].split('; ').map((d) => [d.split(' ')[0], d.split(' ').slice(1).join(' ')]));
    assert.equal(policy.get('default-src'), "'self'");
    assert.equal(policy.get('script-src'), "'self'");
    assert.equal(policy.get('style-src'), "'self'");
    assert.equal(policy.get('object-src'), "'none'");
    assert.equal(policy.get('base-uri'), "'none'");
    assert.equal(policy.get('frame-ancestors'), "'none'");
    assert.equal(policy.get('require-trusted-types-for'), "'script'");
    assert.doesNotMatch(headers['content-security-policy'], /unsafe|\*|https?:/);
  }
  const text = page.body.toString();
  assert.doesNotMatch(text, /<style|style=|<script(?![^>]* src=)|\son\w+=/i, 'nothing inline');
  return undefined;
});

test('what is not there is not found, also under a known folder; other methods are refused', async (t) => {
  const { server } = await serving(t);
  for (const path of ['/assets/index-00000000.js', '/assets/', '/assets', '/index.html', '/nothing', '/assets/../healthz', '/%2e%2e/x']) {
    const r = await get(server, path);
    assert.equal(r.status, 404, path);
    assert.equal(r.headers['cache-control'], 'no-store', path);
  }
  const r = await get(server, '/', {}, 'POST');
  assert.equal(r.status, 405);
  assert.match(r.headers.allow, /GET, HEAD/);
});

test('many at once are sent the same bytes', async (t) => {
  const { server, page, assets } = await serving(t);
  if (!page) return t.skip('a build without the web application');
  const script = assets.find((n) => n.endsWith('.js'));
  const { body } = await get(server, script);
  const all = await Promise.all(Array.from({ length: 40 }, () => get(server, script)));
  assert.ok(all.every((r) => r.body.equals(body)));
  return undefined;
});

test('a build without the application says so in a sentence', async (t) => {
  const server = await serve(t, { program: join(build, 'src', 'app', 'antiphond-without-web') });
  const r = await get(server, '/');
  assert.equal(r.status, 404);
  assert.match(r.headers['content-type'], /^text\/plain/);
  assert.match(r.body.toString(), /^[A-Z].* without its web application.*\.\n$/);
  assert.equal((await get(server, '/manifest.webmanifest')).status, 404);
  assert.equal((await get(server, '/healthz')).status, 200);
});

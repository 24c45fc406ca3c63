// SPDX-License-Identifier: MIT
//
// pack OUT WORK DEPFILE - builds the web application and packs it for the program: OUT/web_files.c (the table of
// src/app/web/web_files.h), OUT/web_bytes.bin (all bytes, behind each other) and OUT/web_bytes.S, which takes them in.
// WORK is for what Vite writes. DEPFILE lists what all that was made from. Run by meson.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const web = dirname(fileURLToPath(import.meta.url));
const [out, work, depfile] = process.argv.slice(2);
const dist = resolve(work, 'dist');

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function run() {
  rmSync(dist, { recursive: true, force: true });
  const vite = join(web, 'node_modules', 'vite', 'bin', 'vite.js');
  const options = ['build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'];
  const { status } = spawnSync(process.execPath, [vite, ...options], { cwd: web, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// All three forms of a file; the two compressed ones when both gain something.
function forms(bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  const coded = Math.max(brotli.length, gzip.length) < bytes.length;
  return { coded, list: coded ? [brotli, gzip, bytes] : [Buffer.alloc(0), Buffer.alloc(0), bytes] };
}

function pack() {
  const rows = [];
  const bodies = [];
  let at = 0;
  for (const file of files(dist).sort()) {
    const bytes = readFileSync(file);
    const type = types[extname(file)];
    if (!type) throw new Error(`pack: no type is known for ${file}`);
    const name = file.slice(dist.length).replaceAll('\\', '/');
    const path = name === '/index.html' ? '/' : name;
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    const { coded, list } = forms(bytes);
    const places = list.map((body) => {
      const place = `{ web_bytes + ${at}, ${body.length} }`;
      at += body.length;
      bodies.push(body);
      return place;
    });
    const facts = [path, type, hash].map((text) => JSON.stringify(text)).join(', ');
    rows.push(`\t{ ${facts}, ${path.startsWith('/assets/')}, ${coded},\n\t\t{ ${places.join(', ')} } },\n`);
  }
  writeFileSync(join(out, 'web_bytes.bin'), Buffer.concat(bodies));
  writeFileSync(
    join(out, 'web_bytes.S'),
    '\t.section .rodata\n\t.global web_bytes\n\t.balign 16\nweb_bytes:\n' +
      `\t.incbin ${JSON.stringify(join(out, 'web_bytes.bin'))}\n\t.byte 0\n` +
      '\t.section .note.GNU-stack,"",%progbits\n',
  );
  writeFileSync(
    join(out, 'web_files.c'),
    '/* Made by web/pack.mjs. */\n#include "app/web/web_files.h"\n\nextern const char web_bytes[];\n\n' +
      `static const struct web_files_file rows[] = {\n${rows.join('')}};\n\n` +
      `const struct web_files web_files = { rows, ${rows.length} };\n`,
  );
}

// Folders too: a file that is added changes its folder.
function sources() {
  const inside = (folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: false }).flatMap((entry) =>
      entry.isDirectory()
        ? [join(folder, entry.name), ...inside(join(folder, entry.name))]
        : [join(folder, entry.name)],
    );
  const top = readdirSync(web, { withFileTypes: true }).filter((entry) => entry.isFile());
  const folders = ['src', 'public'].map((name) => join(web, name));
  return [...top.map((entry) => join(web, entry.name)), ...folders, ...folders.flatMap(inside)];
}

run();
pack();
const escaped = sources().map((path) => path.replaceAll(' ', '\\ '));
writeFileSync(depfile, `${join(out, 'web_files.c').replaceAll(' ', '\\ ')}: ${escaped.join(' ')}\n`);

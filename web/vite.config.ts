// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { gemoji } from 'gemoji';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `npm run dev` serves the page and passes everything else on to an antiphond, by default on its default port.
const server = process.env['ANTIPHON_URL'] ?? 'http://127.0.0.1:3000';

/** Builds the service worker after everything else, since it names every file there is. */
function serviceWorker(): Plugin {
  let outDir = '';
  let shell: string[] = [];
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved: (config) => void (outDir = config.build.outDir),
    generateBundle(_, bundle) {
      const built = Object.keys(bundle).filter((name) => name !== 'index.html');
      shell = [...built, ...readdirSync('public')].map((name) => `/${name}`).sort();
    },
    async closeBundle() {
      if (shell.length === 0) return; // the build has failed
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: {
          SHELL: JSON.stringify(shell),
          VERSION: JSON.stringify(createHash('sha256').update(shell.join()).digest('hex').slice(0, 16)),
        },
        build: {
          outDir,
          emptyOutDir: false,
          rollupOptions: {
            input: 'src/worker/service-worker.ts',
            output: { entryFileNames: 'service-worker.js', format: 'iife' },
          },
        },
      });
    },
  };
}

// Of gemoji's data the page needs names and emoji alone: `virtual:emoji`, a pair a line.
function emoji(): Plugin {
  const id = '\0virtual:emoji';
  const lines = gemoji.flatMap(({ names, emoji: drawn }) => names.map((name) => `${name} ${drawn}`));
  return {
    name: 'emoji',
    resolveId: (wanted) => (wanted === 'virtual:emoji' ? id : undefined),
    load: (wanted) => (wanted === id ? `export default ${JSON.stringify(lines.join('\n'))};` : undefined),
  };
}

// Of music-metadata's readers those of what the server takes; neither its guesses at files without a telling name nor
// its log.
function readers(): Plugin {
  const unheard = /music-metadata\/lib\/(asf|matroska|musepack|dsdiff|dsf)\/\w+Loader\.js$/;
  return {
    name: 'readers',
    load(id) {
      const left = unheard.exec(id)?.[1];
      if (left) return `export const ${left}ParserLoader = { parserType: '${left}', extensions: [], mimeTypes: [] };`;
      if (/node_modules\/file-type\/\w+\.js$/.test(id)) return 'export const fileTypeFromBuffer = () => undefined;';
      if (/node_modules\/debug\/src\/\w+\.js$/.test(id)) return 'export default () => () => undefined;';
      return undefined;
    },
  };
}

export default defineConfig({
  plugins: [emoji(), readers(), serviceWorker()],
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    // Small pictures as data: addresses would need more of the Content-Security-Policy than pictures of files.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  server: {
    proxy: {
      '/socket.io': { target: server, ws: true },
      '/api': server,
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});

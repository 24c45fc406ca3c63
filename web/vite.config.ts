// SPDX-License-Identifier: MIT
import { defineConfig } from 'vitest/config';

// `npm run dev` serves the page and passes everything else on to an antiphond, by default on its default port.
const server = process.env['ANTIPHON_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
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

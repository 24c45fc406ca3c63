// SPDX-License-Identifier: MIT
/** Names and emoji, a pair a line, made by vite.config.ts. */
declare module 'virtual:emoji' {
  const lines: string;
  export default lines;
}

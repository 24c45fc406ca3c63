// SPDX-License-Identifier: MIT
//
// terminal - a real terminal (tmux) that a program runs in: keys are pressed, what is on the screen is read.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { folder } from './antiphon.mjs';

const quoted = (word) => `'${String(word).replaceAll("'", `'\\''`)}'`;

export class Terminal {
  // words: the program and its arguments; env: what its environment has more than ours.
  constructor(t, words, { env = {}, columns = 80, rows = 24 } = {}) {
    this.socket = join(folder('terminal-'), 'tmux');
    const set = { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env };
    const line = [...Object.entries(set).map(([k, v]) => `${k}=${quoted(v)}`), ...words.map(quoted)].join(' ');
    // What the program leaves on the screen stays to be read, with its exit code.
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows), `trap : INT; env ${line}; printf "\\nended with %s\\n" $?; exec sleep 600`);
    t.after(() => this.close());
  }

  #tmux(...words) {
    return execFileSync('tmux', ['-u', '-S', this.socket, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  }

  // The rows as they are seen, without spaces at their ends.
  rows() {
    return this.#tmux('capture-pane', '-p').split('\n').slice(0, -1).map((r) => r.trimEnd());
  }

  text() {
    return this.rows().join('\n');
  }

  // The same with the escape sequences of its colours.
  coloured() {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  // Waits until the screen fits: a regular expression that matches its text, or a function of its text that is true.
  async until(fits, what = String(fits)) {
    const is = typeof fits === 'function' ? fits : (text) => fits.test(text);
    for (const end = Date.now() + 60000; ;) {
      const text = this.text();
      if (is(text)) return text;
      if (Date.now() > end) throw new Error(`never on the screen: ${what}\n${text}`);
      await pause(50);
    }
  }

  type(text) {
    this.#tmux('send-keys', '-l', '--', text);
  }

  // Keys by tmux's names: Enter, PPage, C-n, M-Up, …
  press(...keys) {
    this.#tmux('send-keys', ...keys);
  }

  enter(text) {
    this.type(text);
    this.press('Enter');
  }

  // As a terminal does with what comes from the clipboard.
  paste(text) {
    this.#tmux('set-buffer', '--', text);
    this.#tmux('paste-buffer', '-p', '-d');
  }

  resize(columns, rows) {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  get cursor() {
    const [x, y] = this.#tmux('display-message', '-p', '#{cursor_x} #{cursor_y}').trim().split(' ').map(Number);
    return { x, y };
  }

  get title() {
    return this.#tmux('display-message', '-p', '#{pane_title}').trim();
  }

  // True once the program has rung the bell, which tmux remembers for the window.
  get rang() {
    return this.#tmux('display-message', '-p', '#{window_bell_flag}').trim() === '1';
  }

  close() {
    try {
      this.#tmux('kill-server');
    } catch {
      // it has ended
    }
    rmSync(this.socket, { force: true });
  }
}

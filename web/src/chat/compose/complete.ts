// SPDX-License-Identifier: MIT
//
// complete - what the word before the cursor may become: `@an` a member, `:smi` an emoji.
export interface Begun {
  kind: 'mention' | 'emoji';
  /** What stands behind the sign. */
  part: string;
  /** Where the sign stands. */
  from: number;
}

const BEGUN = /(?:^|[^\p{L}\p{N}_])(?:@([\p{L}\p{N}._-]{0,32})|:([a-z0-9_+-]{2,40}))$/u;

/** What is begun at the cursor; null for anything else. */
export function begunAt(text: string, cursor: number): Begun | null {
  const match = BEGUN.exec(text.slice(0, cursor));
  if (!match) return null;
  const [, name, emoji] = match;
  const kind = name === undefined ? 'emoji' : 'mention';
  const part = name ?? emoji ?? '';
  return { kind, part, from: cursor - part.length - 1 };
}

/** The text with what was begun replaced, and where the cursor is then. */
export function completed(text: string, cursor: number, { from }: Begun, by: string): { text: string; cursor: number } {
  const head = `${text.slice(0, from)}${by} `;
  return { text: head + text.slice(cursor).replace(/^ /, ''), cursor: head.length };
}

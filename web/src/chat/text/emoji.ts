// SPDX-License-Identifier: MIT
//
// emoji - from names to emoji. The table is loaded when the first name is looked up.
import { signal } from '@preact/signals';

const table = signal<ReadonlyMap<string, string> | null>(null);
let isLoading = false;

export interface NamedEmoji {
  name: string;
  emoji: string;
}

export function loadEmoji(): void {
  if (isLoading) return;
  isLoading = true;
  import('virtual:emoji').then(
    ({ default: lines }) => {
      table.value = new Map(lines.split('\n').map((line) => line.split(' ') as [string, string]));
    },
    () => (isLoading = false),
  );
}

/** The emoji of a name; null when there is none, or the table is not there yet (it is followed). */
export function emojiOf(name: string): string | null {
  if (!table.value) loadEmoji();
  return table.value?.get(name) ?? null;
}

/** What to show for a reaction: an emoji, or a `:name:`. */
export function reactionText(reaction: string): string {
  const name = /^:(.+):$/.exec(reaction)?.[1];
  return name === undefined ? reaction : (emojiOf(name) ?? reaction);
}

/** Those whose name begins with or holds the letters, the shortest first; without letters in the usual order. */
export function findEmoji(part: string, most: number): NamedEmoji[] {
  if (!table.value) loadEmoji();
  if (part === '') return [...(table.value ?? [])].slice(0, most).map(([name, emoji]) => ({ name, emoji }));
  const found: NamedEmoji[] = [];
  for (const [name, emoji] of table.value ?? []) if (name.includes(part)) found.push({ name, emoji });
  const rank = ({ name }: NamedEmoji) => (name.startsWith(part) ? 0 : 100) + name.length;
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, most);
}

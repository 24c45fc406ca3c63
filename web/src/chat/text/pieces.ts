// SPDX-License-Identifier: MIT
//
// pieces - cuts plain text at its mentions and at emoji that are written by name.
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'mention'; text: string; userId: string }
  | { kind: 'emoji'; text: string; name: string };

export interface Known {
  /** The id of who is called so. */
  userOf: (username: string) => string | null;
  /** The emoji of that name. */
  emojiOf: (name: string) => string | null;
}

// As the server finds them: the characters of user names, not behind a letter or digit.
const MARK = /(?<![\p{L}\p{N}_])@([\p{L}\p{N}._-]{1,32})|:([a-z0-9_+-]{1,40}):/gu;

/** The longest beginning of a run that is somebody's name: `@ann.` ends a sentence. */
function mentioned(run: string, { userOf }: Known): { name: string; userId: string } | null {
  for (let name = run; name !== ''; name = name.replace(/(?:[._-]+|[^._-]+)$/u, '')) {
    const userId = userOf(name);
    if (userId !== null) return { name, userId };
  }
  return null;
}

export function pieces(text: string, known: Known): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  const take = (piece: Piece, from: number, to: number) => {
    if (from > at) found.push({ kind: 'text', text: text.slice(at, from) });
    found.push(piece);
    at = to;
  };
  for (const match of text.matchAll(MARK)) {
    const [, run, emoji] = match;
    if (match.index < at) continue;
    const who = run === undefined ? null : mentioned(run, known);
    if (who) {
      const end = match.index + 1 + who.name.length;
      take({ kind: 'mention', text: `@${who.name}`, userId: who.userId }, match.index, end);
    }
    const drawn = emoji === undefined ? null : known.emojiOf(emoji);
    if (emoji !== undefined && drawn !== null)
      take({ kind: 'emoji', text: drawn, name: emoji }, match.index, match.index + match[0].length);
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}

// SPDX-License-Identifier: MIT
//
// tokens - takes a message's text apart: marked's lexer with what a chat has no use for left out. HTML is no part of
// it: `<` is a letter like any other.
import { Lexer, Marked, type Token, type Tokens } from 'marked';
import { tame } from '../../lib/tame';

export type { Token, Tokens };

// Brackets and stars cost time by the square of their number: what has more of them than a person writes is shown as it
// was written. So is what nests without end.
const BRACKETS = 100;
const STARS = 400;
const IS_DEEP = /(?:[ \t]*[>+-]){40}/;

function isTooMuch(text: string): boolean {
  return text.split('[').length > BRACKETS || text.split(/[*_]/).length > STARS || IS_DEEP.test(text);
}

const none = () => undefined;

const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    html: none,
    tag: none,
    def: none, // a line `[a]: b` would vanish
    table: none,
    lheading: none, // a line above `---` is no heading
    reflink: none,
  },
});

const cache = new WeakMap<object, { text: string; tokens: Token[] }>();

function plain(text: string): Token[] {
  const raw = { type: 'text', raw: text, text, escaped: false };
  return [{ type: 'paragraph', raw: text, text, tokens: [raw] }];
}

/** The tokens of a text. Never throws: what cannot be taken apart is one paragraph. */
export function tokensOf(text: string): Token[] {
  const tamed = tame(text);
  if (isTooMuch(tamed)) return plain(tamed);
  try {
    return new Lexer(marked.defaults).lex(tamed);
  } catch {
    return plain(tamed);
  }
}

/** The same, kept as long as the message is: messages never change, they are replaced. */
export function tokensOfMessage(message: { message: string }): Token[] {
  const kept = cache.get(message);
  if (kept) return kept.tokens;
  const tokens = tokensOf(message.message);
  cache.set(message, { text: message.message, tokens });
  return tokens;
}

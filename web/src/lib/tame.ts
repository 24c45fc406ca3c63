// SPDX-License-Identifier: MIT
//
// tame - takes from a text of somebody else what disturbs the page around it: characters that turn the direction of
// what follows, that cannot be seen, or that pile up on one letter.
const MARKS = 8; // combining marks that a letter may carry

// Overrides and isolates of direction; zero-width space, word joiners, invisible operators and the byte order mark;
// the soft hyphen; fillers that look like nothing; controls but tab and line feed.
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/gu;
const PILES = new RegExp(`(\\p{M}{${MARKS}})\\p{M}+`, 'gu');
// Joiners belong into emoji and some scripts, one at a time.
const JOINERS = /([\u200c\u200d])[\u200c\u200d]+/gu;
const IS_PLAIN = /^[\t\n\x20-\x7e]*$/;

export function tame(text: string): string {
  if (IS_PLAIN.test(text)) return text;
  return text.replace(UNSEEN, '').replace(JOINERS, '$1').replace(PILES, '$1');
}

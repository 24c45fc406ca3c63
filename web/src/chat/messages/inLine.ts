// SPDX-License-Identifier: MIT
//
// inLine - a message's text in one line, for where it is only pointed at.
import { tame } from '../../lib/tame';
import { emojiOf } from '../text/emoji';
import { pieces } from '../text/pieces';

const SHOWN = 140; // characters

export function inLine(text: string): string {
  const line = tame(text).replace(/\s+/g, ' ').slice(0, SHOWN);
  const drawn = pieces(line, { userOf: () => null, emojiOf });
  return drawn.map((piece) => piece.text).join('');
}

// SPDX-License-Identifier: MIT
//
// inLine - a message's text in one line, for where it is only pointed at.
import { tame } from '../../lib/tame';

const SHOWN = 140; // characters

export function inLine(text: string): string {
  return tame(text).replace(/\s+/g, ' ').slice(0, SHOWN);
}

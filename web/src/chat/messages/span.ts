// SPDX-License-Identifier: MIT
//
// span - which part of a conversation the list knows: some thousand messages around where one is. What the list costs
// grows with its rows, and conversations have no end; the span moves along with who scrolls.
const HALF = 2000; // messages to each side of where one begins
const EDGE = 500; // rows from an end of the span at which it moves on
const MOST = 3 * HALF;

export interface Span {
  /** The seq of the first row. */
  first: number;
  /** The seq of the last row; null: the newest message, whichever it is. */
  last: number | null;
}

const upTo = (last: number, lastSeq: number) => (last >= lastSeq ? null : last);

/** Around a message, or, for 0, at the end. */
export function spanAround(seq: number, lastSeq: number): Span {
  const at = seq === 0 ? lastSeq : seq;
  return { first: Math.max(1, at - HALF), last: upTo(at + HALF, lastSeq) };
}

export function holds({ first, last }: Span, seq: number): boolean {
  return seq >= first && (last === null || seq <= last);
}

/** The span when these messages are in sight; the same one unless they are near an end of it. */
export function spanAlong(span: Span, from: number, to: number, lastSeq: number): Span {
  const { first, last } = span;
  if (first > 1 && from - first < EDGE) {
    const begin = Math.max(1, first - HALF);
    return { first: begin, last: upTo(Math.min(last ?? lastSeq, begin + MOST), lastSeq) };
  }
  if (last !== null && last - to < EDGE) {
    const end = Math.min(lastSeq, last + HALF);
    return { first: Math.max(first, end - MOST), last: upTo(end, lastSeq) };
  }
  // New messages have made it long.
  if (last === null && lastSeq - first > 2 * MOST && lastSeq - from < EDGE) return spanAround(0, lastSeq);
  return span;
}

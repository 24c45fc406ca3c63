// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { holds, type Span, spanAlong, spanAround } from './span';

test('a short conversation is all there is', () => {
  const span = spanAround(0, 30);
  expect(span).toEqual({ first: 1, last: null });
  expect(spanAlong(span, 1, 30, 30)).toBe(span);
});

test('from the end to the beginning and back, every message comes by', () => {
  const lastSeq = 50_000;
  let span: Span = spanAround(0, lastSeq);
  expect(span.last).toBeNull();
  for (let at = lastSeq; at >= 1; at -= 20) {
    expect(holds(span, at)).toBe(true);
    span = spanAlong(span, at, Math.min(lastSeq, at + 30), lastSeq);
    expect((span.last ?? lastSeq) - span.first).toBeLessThanOrEqual(6000);
  }
  expect(span.first).toBe(1);
  for (let at = 1; at <= lastSeq; at += 20) {
    expect(holds(span, at)).toBe(true);
    span = spanAlong(span, at, Math.min(lastSeq, at + 30), lastSeq);
  }
  expect(span.last).toBeNull();
});

test('around a message', () => {
  const span = spanAround(20_000, 50_000);
  expect([holds(span, 20_000), holds(span, 50_000), holds(span, 1)]).toEqual([true, false, false]);
});

test('what arrives for hours does not make it long', () => {
  let span = spanAround(0, 100);
  for (let lastSeq = 100; lastSeq < 40_000; lastSeq += 10) span = spanAlong(span, lastSeq - 20, lastSeq, lastSeq);
  expect(span.first).toBeGreaterThan(20_000);
});

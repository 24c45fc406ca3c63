// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { begunAt, completed } from './complete';

const at = (text: string) => begunAt(text, text.length);

test('a sign begins it, unless a letter stands before', () => {
  expect(at('hello @an')).toEqual({ kind: 'mention', part: 'an', from: 6 });
  expect(at('@')).toEqual({ kind: 'mention', part: '', from: 0 });
  expect(at('mail@an')).toBeNull();
  expect(at(':mu')).toEqual({ kind: 'emoji', part: 'mu', from: 0 });
  expect(at('at 12:30')).toBeNull();
  expect(at(':m')).toBeNull();
  expect(at('@ann and')).toBeNull();
});

test('the word at the cursor is replaced, the rest stays', () => {
  const text = 'see @an there';
  const begun = begunAt(text, 7);
  expect(begun && completed(text, 7, begun, '@ann')).toEqual({ text: 'see @ann there', cursor: 9 });
});

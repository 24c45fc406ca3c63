// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { plural } from './plural';

test('a text takes the form of its number', () => {
  const forms = { one: '# message', other: '# messages' };
  expect([0, 1, 2].map((n) => plural('en', n, forms))).toEqual(['0 messages', '1 message', '2 messages']);
  expect([0, 1, 2].map((n) => plural('fr', n, forms))).toEqual(['0 message', '1 message', '2 messages']);
});

test('numbers are written as the language does', () => {
  expect(plural('en', 12345, { other: '# tracks' })).toBe('12,345 tracks');
  expect(plural('fr', 12345, { other: '# morceaux' })).toBe('12\u202f345 morceaux');
});

// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { emptyDraft, fieldsOf, isSound, problemsOf, tagsOf } from './draft';

test('tags are separated by commas, each once, without blanks around them', () => {
  expect(tagsOf(' folk, , Jazz,jazz ,\nlive set')).toEqual(['folk', 'jazz', 'live set']);
});

test('fields are what was written, without blanks around them; no year is none', () => {
  const draft = { ...emptyDraft, title: ' A ', year: ' 1999 ', tags: 'a,b' };
  expect(fieldsOf(draft)).toMatchObject({ title: 'A', artist: '', year: 1999, tags: ['a', 'b'] });
  expect(fieldsOf(emptyDraft).year).toBeNull();
});

test('what has to be mended is named at its field', () => {
  expect(isSound({ ...emptyDraft, title: 'a' })).toBe(true);
  expect(problemsOf({ ...emptyDraft, title: ' ', year: '19x', tags: 'a'.repeat(51) })).toEqual({
    title: 'noTitle',
    year: 'badYear',
    tags: 'badTags',
  });
  expect(problemsOf({ ...emptyDraft, title: 'a', tags: Array.from({ length: 33 }, (_, i) => i).join() })).toEqual({
    tags: 'badTags',
  });
});

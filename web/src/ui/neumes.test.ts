// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { neumes } from './neumes';

test('the same id draws the same notes, another one others, and all stand on the staff', () => {
  const [a, b] = ['0193530f-7b80-7000-8000-a1b2c3d4e5f6', '0193530f-7b80-7000-8000-a1b2c3d4e5f7'];
  expect(neumes(a)).toEqual(neumes(a));
  expect(neumes(a)).not.toEqual(neumes(b));
  for (const id of [a, b, '', 'zz']) {
    const { notes } = neumes(id);
    expect(notes).toHaveLength(6);
    for (const { x, y } of notes) expect(x >= 0 && x <= 43 && y >= 12 && y <= 36).toBe(true);
  }
});

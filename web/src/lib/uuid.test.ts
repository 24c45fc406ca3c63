// SPDX-License-Identifier: MIT
import { webcrypto } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { uuid7 } from './uuid';

vi.stubGlobal('crypto', webcrypto); // as in every browser; Node 18 keeps it in a module

test('those made later sort behind, within a millisecond too, and when the clock goes back', () => {
  const made = [...Array.from({ length: 5000 }, () => uuid7(1_700_000_000_000)), uuid7(1_600_000_000_000), uuid7()];
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
  for (const id of made.slice(-3))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { fresh } from './signed';

test('a signature is kept while it holds', () => {
  const address = '/api/v1/tracks/a/audio?exp=1000000&sig=x';
  expect(fresh(address, 900_000_000)).toBe(address);
  expect(fresh(address, 999_000_000)).toBe('/api/v1/tracks/a/audio');
  expect(fresh('/api/v1/tracks/a/audio', 0)).toBe('/api/v1/tracks/a/audio');
});

// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { deviceOf } from './account';

test('a session is called by its browser and system, or by its program', () => {
  const linux = 'Mozilla/5.0 (X11; Linux x86_64)';
  expect(deviceOf(`${linux} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36`)).toBe(
    'Chrome, Linux',
  );
  expect(deviceOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0')).toBe(
    'Firefox, Windows',
  );
  const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15';
  expect(deviceOf(`${phone} (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1`)).toBe('Safari, iOS');
  expect(deviceOf(`${linux} AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0`)).toBe('Edge, Linux');
  expect(deviceOf('antiphon/0.1.0')).toBe('antiphon');
  expect(deviceOf('')).toBe('');
});

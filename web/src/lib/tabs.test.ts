// SPDX-License-Identifier: MIT
import { expect, test, vi } from 'vitest';
import { hold } from './tabs';

test('a lock that was let go of while it was being granted is not held, and nobody is told that it was', () => {
  const asked: (() => unknown)[] = [];
  const request = (_name: string, _options: unknown, taken: () => unknown) => {
    asked.push(taken);
    return new Promise(() => undefined);
  };
  vi.stubGlobal('navigator', { locks: { request } });
  const held = vi.fn();

  const letGo = hold('a', 'exclusive', held);
  letGo();
  expect(asked[0]?.()).toBeUndefined();
  expect(held).not.toHaveBeenCalled();

  hold('a', 'exclusive', held);
  expect(asked[1]?.()).toBeInstanceOf(Promise);
  expect(held).toHaveBeenCalledOnce();
});

// SPDX-License-Identifier: MIT
//
// looked - whether somebody looks at this page: it is in sight, and the keyboard writes into it.
import { signal } from '@preact/signals';

const isNow = () => document.visibilityState === 'visible' && document.hasFocus();

export const isLookedAt = signal(typeof document !== 'undefined' && isNow());

if (typeof document !== 'undefined') {
  const look = () => (isLookedAt.value = isNow());
  window.addEventListener('focus', look);
  window.addEventListener('blur', look);
  document.addEventListener('visibilitychange', look);
}

// SPDX-License-Identifier: MIT
//
// stored - values of this browser that outlive a reload (localStorage), as signals. A browser that keeps nothing, or
// is full, goes on without.
import { effect, signal, type Signal } from '@preact/signals';

function read<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(name);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

/** A signal that begins with what was kept under that name and keeps what it becomes; null is forgotten. */
export function stored<T>(name: string, otherwise: T): Signal<T> {
  const kept = signal(read(name, otherwise));
  effect(() => {
    const value = kept.value;
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // Private windows and full disks: it lasts until the page goes.
    }
  });
  // Another tab of the same browser has changed it.
  if (typeof window === 'undefined') return kept; // in tests
  window.addEventListener('storage', (e) => {
    if (e.key === name) kept.value = read(name, otherwise);
  });
  return kept;
}

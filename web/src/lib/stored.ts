// SPDX-License-Identifier: MIT
//
// stored - values that outlive a reload, as signals: in localStorage for all tabs of this browser, or in sessionStorage
// for this tab. A browser that keeps nothing, or is full, goes on without.
import { effect, signal, type Signal } from '@preact/signals';

type Place = 'localStorage' | 'sessionStorage';

function read<T>(place: Place, name: string, otherwise: T): T {
  try {
    const text = globalThis[place].getItem(name);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

/** A signal that begins with what was kept under that name and keeps what it becomes; null is forgotten. */
export function stored<T>(name: string, otherwise: T, place: Place = 'localStorage'): Signal<T> {
  const kept = signal(read(place, name, otherwise));
  effect(() => {
    const value = kept.value;
    try {
      if (value === null) globalThis[place].removeItem(name);
      else globalThis[place].setItem(name, JSON.stringify(value));
    } catch {
      // Private windows and full disks: it lasts until the page goes.
    }
  });
  if (typeof window === 'undefined') return kept; // in tests
  // Another tab of the same browser has changed it.
  window.addEventListener('storage', (e) => {
    if (e.storageArea === window[place] && e.key === name) kept.value = read(place, name, otherwise);
  });
  return kept;
}

// SPDX-License-Identifier: MIT
//
// small - whether the page is as narrow as a phone: one part of the application is shown at a time.
import { signal } from '@preact/signals';

const query = typeof matchMedia === 'undefined' ? null : matchMedia('(max-width: 640px)');

export const isSmall = signal(query?.matches ?? false);

query?.addEventListener('change', ({ matches }) => (isSmall.value = matches));

// SPDX-License-Identifier: MIT
//
// library - what the library page shows: which tracks, how, and from where on. It outlives the page, so that one comes
// back to where one was.
import { computed, effect, signal } from '@preact/signals';
import { MAX_LIST_TRACKS_QUERY, type TrackSort } from '../lib/protocol';
import { stored } from '../lib/stored';
import { type Filter, trackList } from './tracks';

const CALM = 200; // milliseconds without a key until what was typed is searched for

export const typed = signal('');
export const tag = signal('');
export const userId = signal<string | null>(null);
export const sort = stored<TrackSort>('antiphon.library.sort', 'new');
export const view = stored<'table' | 'covers'>('antiphon.library.view', 'table');

const query = signal('');
effect(() => {
  const words = Array.from(typed.value.trim()).slice(0, MAX_LIST_TRACKS_QUERY).join('');
  const timer = setTimeout(
    () => {
      query.value = words;
    },
    words === '' ? 0 : CALM,
  );
  return () => clearTimeout(timer);
});

const filter = computed<Filter>(() => ({
  sort: sort.value,
  ...(query.value !== '' && { query: query.value }),
  ...(tag.value !== '' && { tag: tag.value }),
  ...(userId.value !== null && { userId: userId.value }),
}));

export const isFiltered = computed(() => query.value !== '' || tag.value !== '' || userId.value !== null);

export function showAll(): void {
  typed.value = '';
  tag.value = '';
  userId.value = null;
}

/** Where one was: the first thing in sight, and the one with the focus. */
export const place = { offset: 0, active: 0 };

export const library = trackList(filter);

filter.subscribe(() => {
  place.offset = 0;
  place.active = 0;
});

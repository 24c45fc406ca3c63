// SPDX-License-Identifier: MIT
//
// LibraryTools - which tracks the library shows, in which order, and how.
import { useSignal } from '@preact/signals';
import { LayoutGrid, Rows3, X } from 'lucide-preact';
import { t } from '../i18n/i18n';
import { findPeople, nameOf, person } from '../lib/people';
import { MAX_LIST_TRACKS_QUERY, MAX_LIST_TRACKS_TAG, TRACK_SORT_WORDS, type TrackSort } from '../lib/protocol';
import { IconButton } from '../ui/Button';
import { useFound } from '../ui/useFound';
import css from './LibraryTools.module.css';
import { library, sort, tag, typed, userId, view } from './library';

function ByPerson() {
  const words = useSignal('');
  // Only help with typing: nothing is said when it does not come.
  const { list: people } = useFound(words, findPeople, () => undefined);
  const chosen = userId.value;
  if (chosen !== null) {
    return (
      <span class={`${css.chip} ${css.person}`}>
        <span class="line">{t().music.publishedBy(nameOf(person(chosen)))}</span>
        <IconButton
          label={t().music.everybody}
          onClick={() => {
            userId.value = null;
          }}
        >
          <X size={16} aria-hidden />
        </IconButton>
      </span>
    );
  }
  return (
    <>
      <input
        class={`${css.input} ${css.person}`}
        list="people-of-the-library"
        aria-label={t().music.byPerson}
        placeholder={t().music.byPerson}
        value={words.value}
        onInput={(e) => {
          const text = e.currentTarget.value;
          const found = people?.find((user) => user.username.toLowerCase() === text.trim().toLowerCase());
          words.value = found ? '' : text;
          if (found) userId.value = found.id;
        }}
      />
      <datalist id="people-of-the-library">
        {people?.map((user) => (
          <option key={user.id} value={user.username}>
            {nameOf(user)}
          </option>
        ))}
      </datalist>
    </>
  );
}

function ByTag() {
  const seen = [...new Set(library.tracks.value.slice(0, 500).flatMap((track) => track.tags))].sort().slice(0, 100);
  return (
    <>
      <input
        class={css.input}
        type="search"
        list="tags-of-the-library"
        maxLength={MAX_LIST_TRACKS_TAG}
        aria-label={t().music.byTag}
        placeholder={t().music.byTag}
        value={tag.value}
        onChange={(e) => {
          tag.value = e.currentTarget.value.trim();
        }}
      />
      <datalist id="tags-of-the-library">
        {seen.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

export function LibraryTools() {
  const words = t().music;
  return (
    <div class={css.tools} role="search" aria-label={words.searchLabel}>
      <input
        class={`${css.input} ${css.search}`}
        type="search"
        maxLength={MAX_LIST_TRACKS_QUERY}
        aria-label={words.search}
        placeholder={words.search}
        value={typed.value}
        onInput={(e) => {
          typed.value = e.currentTarget.value;
        }}
      />
      <ByTag />
      <ByPerson />
      <select
        class={css.input}
        aria-label={words.sort}
        value={sort.value}
        onChange={(e) => {
          sort.value = e.currentTarget.value as TrackSort;
        }}
      >
        {TRACK_SORT_WORDS.map((word) => (
          <option key={word} value={word}>
            {words.sorts[word]}
          </option>
        ))}
      </select>
      <span class={css.views} role="group" aria-label={words.view}>
        <IconButton label={words.table} pressed={view.value === 'table'} onClick={() => void (view.value = 'table')}>
          <Rows3 size={18} aria-hidden />
        </IconButton>
        <IconButton label={words.covers} pressed={view.value === 'covers'} onClick={() => void (view.value = 'covers')}>
          <LayoutGrid size={18} aria-hidden />
        </IconButton>
      </span>
    </div>
  );
}

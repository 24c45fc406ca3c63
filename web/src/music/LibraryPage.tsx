// SPDX-License-Identifier: MIT
//
// LibraryPage - all music of the community.
import { Plus } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { t } from '../i18n/i18n';
import { sentenceOf } from '../lib/refused';
import { Button } from '../ui/Button';
import { PageHead } from '../ui/PageHead';
import { Waiting } from '../ui/Waiting';
import css from './LibraryPage.module.css';
import { isFiltered, library, place, showAll, view } from './library';
import { LibraryTools } from './LibraryTools';
import { TrackGrid } from './TrackGrid';

function Nothing() {
  const words = t().music;
  return isFiltered.value ? (
    <div class={css.nothing}>
      <h2>{words.noMatch}</h2>
      <p>{words.noMatchHint}</p>
      <Button onClick={showAll}>{words.showAll}</Button>
    </div>
  ) : (
    <div class={css.nothing}>
      <h2>{words.empty}</h2>
      <p>{words.emptyHint}</p>
      <Link href="/music/publish" class={css.publish}>
        {words.publish}
      </Link>
    </div>
  );
}

function Tracks() {
  const problem = library.problem.value;
  if (library.total.value === null && problem === null) return <Waiting />;
  if (problem !== null && library.tracks.value.length === 0) {
    return (
      <div class={css.nothing} role="alert">
        <p>{sentenceOf(problem)}</p>
        <Button onClick={library.again}>{t().app.again}</Button>
      </div>
    );
  }
  return library.total.value === 0 ? (
    <Nothing />
  ) : (
    <TrackGrid key={view.value} list={library} view={view.value} place={place} />
  );
}

export function LibraryPage() {
  const total = library.total.value;
  return (
    <div class={css.page}>
      <PageHead
        title={t().music.title}
        about={<span role="status">{total === null ? '' : t().music.count(total)}</span>}
      >
        <Link href="/music/publish" class={css.publish}>
          <Plus size={18} aria-hidden />
          {t().music.publish}
        </Link>
      </PageHead>
      <LibraryTools />
      <div class={css.tracks}>
        <Tracks />
      </div>
    </div>
  );
}

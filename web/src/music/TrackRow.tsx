// SPDX-License-Identifier: MIT
//
// TrackRow - a track as a row of the table.
import { ListPlus } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { clock, t } from '../i18n/i18n';
import { nameOf, person } from '../lib/people';
import { tame } from '../lib/tame';
import { PlayButton } from '../player/PlayButton';
import { enqueue, play, playing } from '../player/state';
import { TrackName } from '../player/TrackName';
import { IconButton } from '../ui/Button';
import { dragTrack } from '../player/drag';
import { Mean } from './Mean';
import type { TrackList } from './tracks';
import css from './TrackRow.module.css';

export interface EntryProps {
  list: TrackList;
  index: number;
  /** The one in the order of the Tab key. */
  isActive: boolean;
  onFocus: () => void;
}

export function TableHead() {
  const words = t().music.columns;
  return (
    <div role="row" aria-rowindex={1} class={`${css.row} ${css.head}`}>
      <span role="columnheader" class={css.cover}>
        <span class="spoken">{words.play}</span>
      </span>
      <span role="columnheader">{words.title}</span>
      <span role="columnheader" class={css.album}>
        {words.album}
      </span>
      <span role="columnheader" class={css.by}>
        {words.by}
      </span>
      <span role="columnheader" class={css.mean}>
        {words.rating}
      </span>
      <span role="columnheader" class={css.length}>
        {words.length}
      </span>
      <span role="columnheader">
        <span class="spoken">{words.actions}</span>
      </span>
    </div>
  );
}

export function TrackRow({ list, index, isActive, onFocus }: EntryProps) {
  const track = list.tracks.value[index];
  const tabIndex = isActive ? 0 : -1;
  if (!track) {
    return (
      <div role="row" aria-rowindex={index + 2} class={css.row} data-index={index} tabIndex={tabIndex} aria-busy="true">
        <span role="gridcell" class={css.blank}>
          <span class="spoken">{t().app.loading}</span>
        </span>
      </div>
    );
  }
  const from = () => play(list.tracks.peek(), index);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      class={playing.value?.id === track.id ? `${css.row} ${css.now}` : css.row}
      aria-current={playing.value?.id === track.id ? 'true' : undefined}
      data-index={index}
      tabIndex={tabIndex}
      draggable
      onDragStart={(e) => dragTrack(e, track)}
      onFocusCapture={onFocus}
      onDblClick={from}
    >
      <span role="gridcell">
        <PlayButton track={track} size="s" onPlay={from} tabIndex={tabIndex} />
      </span>
      <span role="gridcell" class="lines">
        <TrackName track={track} tabIndex={tabIndex} />
      </span>
      <span role="gridcell" class={`line soft ${css.album}`}>
        {tame(track.album)}
      </span>
      <span role="gridcell" class={`line ${css.by}`}>
        <Link href={`/u/${track.userId}`} tabIndex={tabIndex}>
          {nameOf(person(track.userId))}
        </Link>
      </span>
      <span role="gridcell" class={css.mean}>
        <Mean rating={track.rating} />
      </span>
      <span role="gridcell" class={`soft ${css.length}`}>
        {track.durationMs === null ? '' : clock(track.durationMs)}
      </span>
      <span role="gridcell">
        <IconButton label={t().player.enqueue(tame(track.title))} tabIndex={tabIndex} onClick={() => enqueue([track])}>
          <ListPlus size={18} aria-hidden />
        </IconButton>
      </span>
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// TrackTile - a track as its cover.
import { ListPlus } from 'lucide-preact';
import { t } from '../i18n/i18n';
import { tame } from '../lib/tame';
import { PlayButton } from '../player/PlayButton';
import { enqueue, play, playing } from '../player/state';
import { TrackName } from '../player/TrackName';
import { IconButton } from '../ui/Button';
import { dragTrack } from '../player/drag';
import type { EntryProps } from './TrackRow';
import css from './TrackTile.module.css';

export function TrackTile({ list, index, isActive, onFocus }: EntryProps) {
  const track = list.tracks.value[index];
  const tabIndex = isActive ? 0 : -1;
  if (!track) {
    return (
      <div role="gridcell" class={css.tile} data-index={index} tabIndex={tabIndex} aria-busy="true">
        <span class={css.blank}>
          <span class="spoken">{t().app.loading}</span>
        </span>
      </div>
    );
  }
  const isNow = playing.value?.id === track.id;
  return (
    <div
      role="gridcell"
      class={isNow ? `${css.tile} ${css.now}` : css.tile}
      aria-current={isNow ? 'true' : undefined}
      data-index={index}
      tabIndex={tabIndex}
      draggable
      onDragStart={(e) => dragTrack(e, track)}
      onFocusCapture={onFocus}
    >
      <PlayButton track={track} size="full" tabIndex={tabIndex} onPlay={() => play(list.tracks.peek(), index)} />
      <div class={css.foot}>
        <div class="lines">
          <TrackName track={track} tabIndex={tabIndex} />
        </div>
        <IconButton label={t().player.enqueue(tame(track.title))} tabIndex={tabIndex} onClick={() => enqueue([track])}>
          <ListPlus size={18} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

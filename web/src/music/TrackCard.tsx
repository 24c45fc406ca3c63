// SPDX-License-Identifier: MIT
//
// TrackCard - a track within something else, as a message: it plays in place and leads to its page.
import { clock, t } from '../i18n/i18n';
import type { Track } from '../lib/protocol';
import { tame } from '../lib/tame';
import { PlayButton } from '../player/PlayButton';
import { Seek } from '../player/Seek';
import { play, playing } from '../player/state';
import { dragTrack } from '../player/drag';
import { TrackName } from '../player/TrackName';
import css from './TrackCard.module.css';

export function TrackCard({ track }: { track: Track }) {
  const isCurrent = playing.value?.id === track.id;
  return (
    <article
      class={css.card}
      aria-label={t().music.trackBy(tame(track.title), tame(track.artist))}
      draggable
      onDragStart={(e) => dragTrack(e, track)}
    >
      <PlayButton track={track} size="l" onPlay={() => play([track], 0)} />
      <div class={`lines ${css.text}`}>
        <TrackName track={track} />
        {isCurrent ? (
          <Seek />
        ) : (
          <span class={`soft ${css.length}`}>{track.durationMs === null ? '' : clock(track.durationMs)}</span>
        )}
      </div>
    </article>
  );
}

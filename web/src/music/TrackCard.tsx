// SPDX-License-Identifier: MIT
//
// TrackCard - a track within something else, as a message: it plays in place and leads to its page.
import { Link } from 'wouter-preact';
import { clock, t } from '../i18n/i18n';
import type { Track } from '../lib/protocol';
import { tame } from '../lib/tame';
import { PlayButton } from '../player/PlayButton';
import { Seek } from '../player/Seek';
import { play, playing } from '../player/state';
import { dragTrack } from '../player/drag';
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
      <div class={css.text}>
        <Link href={`/music/t/${track.id}`} class={`line ${css.title}`}>
          {tame(track.title)}
        </Link>
        <span class="line soft">{tame(track.artist)}</span>
        {isCurrent ? (
          <Seek />
        ) : (
          <span class={css.length}>{track.durationMs === null ? '' : clock(track.durationMs)}</span>
        )}
      </div>
    </article>
  );
}

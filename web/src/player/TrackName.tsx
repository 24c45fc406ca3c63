// SPDX-License-Identifier: MIT
//
// TrackName - a track's title, which leads to its page, above its artist.
import { Link } from 'wouter-preact';
import type { Track } from '../lib/protocol';
import { tame } from '../lib/tame';
import css from './TrackName.module.css';

export function TrackName({ track, tabIndex }: { track: Track; tabIndex?: number }) {
  return (
    <>
      <Link href={`/music/t/${track.id}`} class={`line ${css.title}`} tabIndex={tabIndex}>
        {tame(track.title)}
      </Link>
      <span class="line soft">{tame(track.artist)}</span>
    </>
  );
}

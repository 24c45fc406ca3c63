// SPDX-License-Identifier: MIT
//
// PlayButton - a track's cover as the button that plays it, or lets it pause when it is the one that plays.
import { Pause, Play } from 'lucide-preact';
import { t } from '../i18n/i18n';
import type { Track } from '../lib/protocol';
import { tame } from '../lib/tame';
import { Cover, type CoverSize } from '../ui/Cover';
import css from './PlayButton.module.css';
import { isPlaying, playing, toggle } from './state';

export function PlayButton({
  track,
  size,
  onPlay,
  tabIndex,
}: {
  track: Track;
  size?: CoverSize;
  /** Begins to play it. */
  onPlay: () => void;
  tabIndex?: number;
}) {
  const isCurrent = playing.value?.id === track.id;
  const title = tame(track.title);
  const isHeard = isCurrent && isPlaying.value;
  // In a row of a table the sign comes when one points at it; a large cover always says that it can be played.
  const looks = [css.play, isCurrent && css.current, (size === 'l' || size === 'full') && css.large];
  return (
    <button
      type="button"
      class={looks.filter(Boolean).join(' ')}
      aria-label={isHeard ? t().player.pauseThis(title) : t().player.playThis(title)}
      tabIndex={tabIndex}
      onClick={isCurrent ? toggle : onPlay}
    >
      <Cover track={track} {...(size && { size })} />
      <span class={css.sign}>{isHeard ? <Pause aria-hidden /> : <Play aria-hidden />}</span>
    </button>
  );
}

// SPDX-License-Identifier: MIT
//
// TrackCard - a track in a conversation: it plays there.
import { Pause, Play } from 'lucide-preact';
import { clock, t } from '../../i18n/i18n';
import type { Track } from '../../lib/protocol';
import { tame } from '../../lib/tame';
import { isPlaying, play, playing, position, toggle } from '../../player/state';
import { Cover } from '../../ui/Cover';
import css from './TrackCard.module.css';

function Progress({ track }: { track: Track }) {
  const at = position.value;
  return (
    <span class={css.clock}>
      {clock(at)} / {clock(track.durationMs ?? 0)}
    </span>
  );
}

export function TrackCard({ track }: { track: Track }) {
  const isCurrent = playing.value?.id === track.id;
  const isOn = isCurrent && isPlaying.value;
  const title = tame(track.title);
  const press = () => (isCurrent ? toggle() : play([track], 0));
  const Icon = isOn ? Pause : Play;
  return (
    <div class={css.card} data-current={isCurrent ? true : undefined}>
      <button
        type="button"
        class={css.play}
        aria-label={isOn ? t().chat.pausePlaying(title) : t().chat.play(title)}
        onClick={press}
      >
        <Cover track={track} size="m" />
        <span class={css.sign}>
          <Icon size={18} aria-hidden />
        </span>
      </button>
      <span class={css.about}>
        <a href={`#/music/t/${track.id}`} class="line">
          <bdi>{title}</bdi>
        </a>
        <span class="line soft">
          <bdi>{tame(track.artist)}</bdi>
        </span>
      </span>
      {isCurrent ? <Progress track={track} /> : <span class={css.clock}>{clock(track.durationMs ?? 0)}</span>}
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// PlayerBar - what plays, at the foot of every page; it has the one audio element.
import { signal } from '@preact/signals';
import { ListMusic } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/i18n';
import type { Track } from '../lib/protocol';
import { tame } from '../lib/tame';
import { IconButton } from '../ui/Button';
import { Cover } from '../ui/Cover';
import { lazy } from '../ui/lazy';
import { dragTrack } from './drag';
import { followListening } from './listening';
import { followMediaKeys } from './media';
import { Mode, Repeating, Speed, Steps, Volume } from './controls';
import css from './PlayerBar.module.css';
import { Seek } from './Seek';
import { followKeys } from './shortcuts';
import { TrackName } from './TrackName';
import { attach, isPlaying, playing } from './state';

const QueueSheet = lazy(() => import('./QueueSheet').then((m) => m.QueueSheet));
const isQueueOpen = signal(false);

function Current({ track }: { track: Track }) {
  return (
    <div class={css.current} draggable onDragStart={(e) => dragTrack(e, track)}>
      <Cover track={track} />
      <div class="lines">
        <TrackName track={track} />
      </div>
    </div>
  );
}

function Bar({ track }: { track: Track }) {
  return (
    <div class={css.bar}>
      <Current track={track} />
      <div class={css.steps}>
        <Mode />
        <Steps />
        <Repeating />
      </div>
      <div class={css.seek}>
        <Seek />
      </div>
      <div class={css.side}>
        <Speed />
        <Volume />
      </div>
      <div class={css.queue}>
        <IconButton
          label={t().player.queue}
          aria-haspopup="dialog"
          onClick={() => {
            isQueueOpen.value = true;
          }}
        >
          <ListMusic size={20} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

export function PlayerBar() {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (!element.current) return;
    const ends = [attach(element.current), followMediaKeys(), followKeys(), followListening()];
    return () => ends.forEach((end) => end());
  }, []);
  const track = playing.value;
  return (
    <section aria-label={t().player.label}>
      <audio ref={element} preload="metadata" />
      <p class="spoken" role="status">
        {track && isPlaying.value ? t().player.now(tame(track.title), tame(track.artist)) : ''}
      </p>
      {track && <Bar track={track} />}
      {isQueueOpen.value && (
        <QueueSheet
          onClose={() => {
            isQueueOpen.value = false;
          }}
        />
      )}
    </section>
  );
}

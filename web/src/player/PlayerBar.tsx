// SPDX-License-Identifier: MIT
//
// PlayerBar - what plays, at the foot of every page; it has the one audio element.
import { Pause, Play, SkipBack, SkipForward } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { t } from '../i18n/i18n';
import { IconButton } from '../ui/Button';
import css from './PlayerBar.module.css';
import { attach, isPlaying, next, playing, previous, toggle } from './state';

export function PlayerBar() {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => (element.current ? attach(element.current) : undefined), []);
  const track = playing.value;
  return (
    <section aria-label={t().player.label}>
      <audio ref={element} preload="metadata" />
      {track && (
        <div class={css.bar}>
          <IconButton label={t().player.previous} onClick={previous}>
            <SkipBack size={18} aria-hidden />
          </IconButton>
          <IconButton label={isPlaying.value ? t().player.pause : t().player.play} onClick={toggle}>
            {isPlaying.value ? <Pause size={20} aria-hidden /> : <Play size={20} aria-hidden />}
          </IconButton>
          <IconButton label={t().player.next} onClick={next}>
            <SkipForward size={18} aria-hidden />
          </IconButton>
          <Link href={`/music/t/${track.id}`} class="line">
            {track.title}
          </Link>
        </div>
      )}
    </section>
  );
}

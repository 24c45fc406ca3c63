// SPDX-License-Identifier: MIT
//
// controls - the buttons of the player; they stand in the bar, and on small screens in the queue's sheet.
import { Pause, Play, Repeat, Repeat1, Shuffle, SkipBack, SkipForward, Volume2, VolumeX } from 'lucide-preact';
import { number, t } from '../i18n/i18n';
import { IconButton } from '../ui/Button';
import { Range } from '../ui/Range';
import css from './controls.module.css';
import type { Repeat as Repeats } from './queue';
import {
  isMuted,
  isPlaying,
  isShuffled,
  next,
  previous,
  repeat,
  shuffle,
  speed,
  SPEEDS,
  toggle,
  volume,
} from './state';

export function Steps() {
  const words = t().player;
  return (
    <>
      <IconButton label={words.previous} onClick={previous}>
        <SkipBack size={20} aria-hidden />
      </IconButton>
      <span class={css.play}>
        <IconButton label={isPlaying.value ? words.pause : words.play} onClick={toggle}>
          {isPlaying.value ? <Pause size={22} aria-hidden /> : <Play size={22} aria-hidden />}
        </IconButton>
      </span>
      <IconButton label={words.next} onClick={next}>
        <SkipForward size={20} aria-hidden />
      </IconButton>
    </>
  );
}

export function Mode() {
  return (
    <IconButton label={t().player.shuffle} pressed={isShuffled.value} onClick={() => shuffle(!isShuffled.value)}>
      <Shuffle size={18} aria-hidden />
    </IconButton>
  );
}

const AFTER: Record<Repeats, Repeats> = { off: 'all', all: 'one', one: 'off' };

export function Repeating() {
  const mode = repeat.value;
  return (
    <span class={mode === 'off' ? '' : css.on}>
      <IconButton
        label={t().player.repeat[mode]}
        onClick={() => {
          repeat.value = AFTER[mode];
        }}
      >
        {mode === 'one' ? <Repeat1 size={18} aria-hidden /> : <Repeat size={18} aria-hidden />}
      </IconButton>
    </span>
  );
}

export function Speed() {
  return (
    <select
      class={css.speed}
      aria-label={t().player.speed}
      title={t().player.speed}
      value={speed.value}
      onChange={(e) => {
        speed.value = Number(e.currentTarget.value);
      }}
    >
      {SPEEDS.map((times) => (
        <option key={times} value={times}>
          {number(times)}×
        </option>
      ))}
    </select>
  );
}

export function Volume() {
  const heard = isMuted.value ? 0 : volume.value;
  return (
    <span class={css.volume}>
      <IconButton
        label={t().player.mute}
        pressed={isMuted.value}
        onClick={() => {
          isMuted.value = !isMuted.value;
        }}
      >
        {heard === 0 ? <VolumeX size={18} aria-hidden /> : <Volume2 size={18} aria-hidden />}
      </IconButton>
      <Range
        label={t().player.volume}
        text={`${number(Math.round(heard * 100))} %`}
        value={heard}
        max={1}
        step={0.05}
        onValue={(value) => {
          volume.value = value;
          isMuted.value = false;
        }}
      />
    </span>
  );
}

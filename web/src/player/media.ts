// SPDX-License-Identifier: MIT
//
// media - the keys and screens of the device that know what plays (Media Session).
import { effect } from '@preact/signals';
import { duration, isPlaying, next, playing, position, previous, seek, speed, toggle } from './state';

const STEP = 10; // seconds

function show(): void {
  const track = playing.value;
  if (!track) {
    navigator.mediaSession.metadata = null;
    return;
  }
  const { title, artist, album, coverUrl } = track;
  const artwork = coverUrl === null ? [] : [{ src: new URL(coverUrl, location.href).href }];
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist, album, artwork });
}

/** The state as the device shows it; only what the browser takes. */
function showPosition(): void {
  const [whole, now] = [duration.value / 1000, position.value / 1000];
  if (whole <= 0) navigator.mediaSession.setPositionState();
  else
    navigator.mediaSession.setPositionState({
      duration: whole,
      position: Math.min(now, whole),
      playbackRate: speed.value,
    });
}

const actions: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
  play: () => !isPlaying.peek() && toggle(),
  pause: () => isPlaying.peek() && toggle(),
  stop: () => isPlaying.peek() && toggle(),
  previoustrack: previous,
  nexttrack: next,
  seekbackward: ({ seekOffset }) => seek(position.peek() - (seekOffset ?? STEP) * 1000),
  seekforward: ({ seekOffset }) => seek(position.peek() + (seekOffset ?? STEP) * 1000),
  seekto: ({ seekTime }) => seek((seekTime ?? 0) * 1000),
};

/** Keeps the device informed and obeys its keys; returns what ends that. */
export function followMediaKeys(): () => void {
  if (!('mediaSession' in navigator)) return () => undefined;
  for (const [action, take] of Object.entries(actions)) {
    navigator.mediaSession.setActionHandler(action as MediaSessionAction, take);
  }
  const ends = [
    effect(show),
    effect(showPosition),
    effect(() => {
      navigator.mediaSession.playbackState = !playing.value ? 'none' : isPlaying.value ? 'playing' : 'paused';
    }),
  ];
  return () => {
    for (const end of ends) end();
    navigator.mediaSession.metadata = null;
    navigator.mediaSession.playbackState = 'none';
    for (const action of Object.keys(actions)) {
      navigator.mediaSession.setActionHandler(action as MediaSessionAction, null);
    }
  };
}

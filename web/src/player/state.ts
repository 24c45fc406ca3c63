// SPDX-License-Identifier: MIT
//
// state - what plays: the queue, where in the track one is, and the one audio element that is heard.
//
// The bar gives its element here (`attach`); pages only call these functions. What is remembered over a reload is the
// queue, the track in it and the moment of it; it waits then until one presses play.
import { batch, computed, effect, signal, untracked } from '@preact/signals';
import { t } from '../i18n/i18n';
import { on, request } from '../lib/connection';
import { myId } from '../lib/people';
import type { Track } from '../lib/protocol';
import { Refused } from '../lib/refused';
import { fresh } from '../lib/signed';
import { stored } from '../lib/stored';
import { tame } from '../lib/tame';
import { complain, notify } from '../ui/notices';
import {
  moved,
  ordered,
  type Queue,
  queueOf,
  restored,
  type Repeat,
  shuffled,
  step,
  updated,
  withMore,
  without,
} from './queue';

interface Kept {
  userId: string;
  queue: Queue;
}

const kept = stored<Kept>('antiphon.queue', { userId: '', queue: queueOf([], -1) });
const keptPosition = stored('antiphon.position', 0);
const KEEP_EVERY = 5_000; // milliseconds of playing between two notes of where one is

export const volume = stored('antiphon.volume', 1);
export const isMuted = stored('antiphon.muted', false);
export const speed = stored('antiphon.speed', 1);
export const repeat = stored<Repeat>('antiphon.repeat', 'off');
export const isShuffled = stored('antiphon.shuffle', false);
export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** The queue, and which of it plays. */
export const queue = signal(restored(kept.peek().queue));
const current = computed(() => queue.value.entries[queue.value.index] ?? null);

/** The track that plays or waits to go on; null when there is none. */
export const playing = computed(() => current.value?.track ?? null);
export const isPlaying = signal(false);
/** Where in it, milliseconds. */
export const position = signal(keptPosition.peek());
const measured = signal<number | null>(null);
/** How long it is, milliseconds; 0 until known. */
export const duration = computed(() => measured.value ?? playing.value?.durationMs ?? 0);

let audio: HTMLAudioElement | null = null;
let loaded: number | null = null; // the key of the entry that the element has
let isSecondTry = false; // of the address of the entry that the element has
let failures = 0; // in a row

function load(address: string): void {
  const entry = current.peek();
  if (!audio || !entry) return;
  loaded = entry.key;
  audio.src = address;
  audio.playbackRate = speed.peek();
  if (position.peek() > 0) audio.currentTime = position.peek() / 1000;
}

async function start(): Promise<void> {
  const entry = current.peek();
  if (!audio || !entry) return;
  if (loaded !== entry.key) {
    isSecondTry = false;
    load(fresh(entry.track.audio.url));
  }
  isPlaying.value = true;
  try {
    await audio.play();
  } catch (error) {
    // The browser wants a click first. Other errors come by the element's own event; an abort was our own doing.
    if (error instanceof DOMException && error.name === 'NotAllowedError') isPlaying.value = false;
  }
}

function stop(): void {
  audio?.pause();
  isPlaying.value = false;
}

function goTo(index: number, atMs = 0): void {
  batch(() => {
    queue.value = { ...queue.peek(), index };
    position.value = atMs;
    measured.value = null;
  });
  loaded = null;
}

/** Plays those tracks, beginning with one of them, perhaps at a moment of it. */
export function play(tracks: readonly Track[], index: number, atMs = 0): void {
  const next = queueOf(tracks, index);
  queue.value = isShuffled.peek() ? shuffled(next) : next;
  goTo(queue.peek().index, atMs);
  failures = 0;
  void start();
}

/** Plays a track at a moment; when it is the one that plays, the queue stays. */
export function playAt(track: Track, atMs: number): void {
  if (playing.peek()?.id !== track.id) {
    play([track], 0, atMs);
    return;
  }
  seek(atMs);
  if (!isPlaying.peek()) void start();
}

/** Plays an entry of the queue. */
export function jump(index: number): void {
  goTo(index);
  void start();
}

export function toggle(): void {
  if (isPlaying.peek()) stop();
  else void start();
}

export function seek(ms: number): void {
  const at = Math.max(0, duration.peek() > 0 ? Math.min(ms, duration.peek()) : ms);
  position.value = at;
  keptPosition.value = at;
  if (audio && loaded === current.peek()?.key) audio.currentTime = at / 1000;
}

/** On, or back; past the ends of the queue nothing happens. */
function walk(by: 1 | -1): boolean {
  const index = step(queue.peek(), by, repeat.peek());
  if (index === null) return false;
  const wasPlaying = isPlaying.peek();
  goTo(index);
  if (wasPlaying) void start();
  return true;
}

export const next = (): void => void walk(1);

/** To the beginning of the track, or, when that is near, to the track before. */
export function previous(): void {
  if (position.peek() > 3000 || !walk(-1)) seek(0);
}

export function enqueue(tracks: readonly Track[]): void {
  const wasEmpty = queue.peek().entries.length === 0;
  queue.value = withMore(queue.peek(), tracks);
  if (wasEmpty) goTo(0);
  notify(t().player.enqueued(tracks.length, tame(tracks[0]?.title ?? '')));
}

export function move(key: number, by: number): void {
  queue.value = moved(queue.peek(), key, by);
}

export function remove(key: number): void {
  const isCurrent = current.peek()?.key === key;
  const wasPlaying = isPlaying.peek();
  if (isCurrent) stop();
  queue.value = without(queue.peek(), key);
  if (!isCurrent) return;
  goTo(queue.peek().index);
  if (wasPlaying) void start();
}

export function clear(): void {
  stop();
  queue.value = queueOf([], -1);
  goTo(-1);
  audio?.removeAttribute('src');
}

export function shuffle(on: boolean): void {
  isShuffled.value = on;
  queue.value = on ? shuffled(queue.peek()) : ordered(queue.peek());
}

function ended(): void {
  if (repeat.peek() === 'one') {
    seek(0);
    void start();
  } else if (!walk(1)) {
    isPlaying.value = false;
    goTo(queue.peek().entries.length > 0 ? 0 : -1);
  }
}

/** Asks for a fresh address once; what does not play even so is said, and the next one plays. */
async function failed(): Promise<void> {
  const entry = current.peek();
  if (entry?.key !== loaded) return;
  const wasPlaying = isPlaying.peek();
  try {
    if (isSecondTry) throw new Refused('bad_request', '');
    const { track } = await request('music', 'GET_TRACK', entry.track.id);
    if (loaded !== entry.key || current.peek()?.key !== entry.key) return;
    isSecondTry = true;
    load(track.audio.url);
    if (wasPlaying) await start();
  } catch (error) {
    if (current.peek()?.key === entry.key) giveUp(entry.track, error);
  }
}

function giveUp(track: Track, error: unknown): void {
  loaded = null;
  if (error instanceof Refused && error.code === 'unavailable') {
    stop();
    complain(error);
    return;
  }
  notify(t().player.failed(tame(track.title)));
  failures += 1;
  if (failures >= queue.peek().entries.length || !walk(1)) stop();
}

/** Takes the element that is heard; returns what lets go of it. */
export function attach(element: HTMLAudioElement): () => void {
  audio = element;
  loaded = null;
  const takes: Record<string, () => void> = {
    timeupdate: () => {
      if (loaded !== current.peek()?.key) return;
      position.value = element.currentTime * 1000;
      if (Math.abs(position.peek() - keptPosition.peek()) > KEEP_EVERY) keptPosition.value = position.peek();
    },
    durationchange: () => {
      measured.value = Number.isFinite(element.duration) ? element.duration * 1000 : null;
    },
    playing: () => (failures = 0),
    play: () => (isPlaying.value = true),
    pause: () => {
      if (element.ended) return;
      isPlaying.value = false;
      keptPosition.value = position.peek();
    },
    ended,
    error: () => void failed(),
  };
  for (const [name, take] of Object.entries(takes)) element.addEventListener(name, take);
  // Of two tabs that play the one that began later is heard.
  const tabs = new BroadcastChannel('antiphon.player');
  tabs.onmessage = stop;
  const begun = () => tabs.postMessage(null);
  element.addEventListener('play', begun);
  const stops = [
    () => {
      element.removeEventListener('play', begun);
      tabs.close();
    },
    effect(() => void (element.volume = Math.min(1, Math.max(0, volume.value)))),
    effect(() => void (element.muted = isMuted.value)),
    effect(() => void (element.playbackRate = speed.value)),
  ];
  return () => {
    for (const [name, take] of Object.entries(takes)) element.removeEventListener(name, take);
    for (const end of stops) end();
    stop();
    audio = null;
  };
}

effect(() => {
  const isSomebodyElse = myId.value !== '' && kept.peek().userId !== '' && kept.peek().userId !== myId.value;
  if (isSomebodyElse) untracked(clear);
  kept.value = { userId: myId.value || kept.peek().userId, queue: queue.value };
});
if (typeof window !== 'undefined') {
  window.addEventListener('pagehide', () => (keptPosition.value = position.peek()));
}

on('music', 'UPDATE_TRACK', (track) => (queue.value = updated(queue.peek(), track)));
on('music', 'UNPUBLISH_TRACK', ({ id }) => {
  for (const { key, track } of queue.peek().entries) if (track.id === id) remove(key);
});

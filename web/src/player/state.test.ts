// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { echo } from '../lib/connection';
import type { Track } from '../lib/protocol';
import { Refused } from '../lib/refused';
import * as player from './state';

let fresh: ((id: string) => Promise<object>) | null = null;
vi.mock('../lib/connection', async (original) => ({
  ...(await original<typeof import('../lib/connection')>()),
  request: (_space: string, _event: string, id: string) =>
    fresh ? fresh(id) : Promise.reject(new Refused('not_found', 'gone')),
}));

/** As much of an audio element as the player uses. */
class Sound extends EventTarget {
  src = '';
  currentTime = 0;
  duration = 100;
  paused = true;
  ended = false;
  volume = 1;
  muted = false;
  playbackRate = 1;
  play() {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
    return Promise.resolve();
  }
  pause() {
    if (this.paused) return;
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
  removeAttribute() {
    this.src = '';
  }
  tell(event: string) {
    this.dispatchEvent(new Event(event));
  }
}

const track = (id: string) =>
  ({ id, title: id, durationMs: 100_000, audio: { url: `/${id}?exp=99999999999` } }) as Track;
const abc = ['a', 'b', 'c'].map(track);
const settle = () => new Promise((resolve) => setTimeout(resolve));
let sound: Sound;
let detach: () => void;

beforeEach(() => {
  sound = new Sound();
  detach = player.attach(sound as unknown as HTMLAudioElement);
  fresh = null;
  player.clear();
  player.repeat.value = 'off';
  player.isShuffled.value = false;
});
afterEach(() => detach());

test('plays what it is given, from the moment it is given', () => {
  player.play(abc, 1, 5000);
  expect([player.playing.value?.id, player.isPlaying.value, sound.src, sound.currentTime]).toEqual([
    'b',
    true,
    '/b?exp=99999999999',
    5,
  ]);
  sound.currentTime = 7;
  sound.tell('timeupdate');
  expect(player.position.value).toBe(7000);
  player.seek(90_000);
  expect(sound.currentTime).toBe(90);
  player.toggle();
  expect([sound.paused, player.isPlaying.value]).toEqual([true, false]);
});

test('the next one follows, and after the last one it is quiet at the beginning', async () => {
  player.play(abc, 1);
  sound.tell('ended');
  await settle();
  expect([player.playing.value?.id, sound.src]).toEqual(['c', '/c?exp=99999999999']);
  sound.tell('ended');
  await settle();
  expect([player.playing.value?.id, player.isPlaying.value]).toEqual(['a', false]);
  player.repeat.value = 'one';
  player.play(abc, 2);
  sound.tell('ended');
  expect([player.playing.value?.id, player.isPlaying.value]).toEqual(['c', true]);
  player.repeat.value = 'all';
  sound.tell('ended');
  expect(player.playing.value?.id).toBe('a');
});

test('back leads to the beginning first, then to the one before', () => {
  player.play(abc, 1);
  sound.currentTime = 10;
  sound.tell('timeupdate');
  player.previous();
  expect([player.playing.value?.id, player.position.value]).toEqual(['b', 0]);
  player.previous();
  expect(player.playing.value?.id).toBe('a');
});

test('a moment of what plays leaves the queue alone, one of another track replaces it', () => {
  player.play(abc, 0);
  player.playAt(track('a'), 3000);
  expect([player.queue.value.entries.length, sound.currentTime]).toEqual([3, 3]);
  player.playAt(track('z'), 4000);
  expect([player.queue.value.entries.length, player.playing.value?.id]).toEqual([1, 'z']);
});

test('an address that fails is asked for anew, once; then the next one plays', async () => {
  player.play(abc, 0);
  fresh = (id) => Promise.resolve({ track: { ...track(id), audio: { url: '/again' } } });
  sound.tell('error');
  await settle();
  expect([player.playing.value?.id, sound.src]).toEqual(['a', '/again']);
  sound.tell('error');
  await settle();
  expect(player.playing.value?.id).toBe('b');
});

test('when nothing plays at all it stops; when the server is away it waits', async () => {
  player.repeat.value = 'all';
  player.play(abc, 0);
  for (let i = 0; i < 5; i++) {
    sound.tell('error');
    await settle();
  }
  expect(player.isPlaying.value).toBe(false);
  fresh = () => Promise.reject(new Refused('unavailable', ''));
  player.play(abc, 1);
  sound.tell('error');
  await settle();
  expect([player.playing.value?.id, player.isPlaying.value]).toEqual(['b', false]);
});

test('what is changed or taken back changes or goes', async () => {
  player.play(abc, 0);
  echo('music', 'UPDATE_TRACK', { ...track('a'), title: 'new' });
  expect(player.playing.value?.title).toBe('new');
  echo('music', 'UNPUBLISH_TRACK', track('a'));
  await settle();
  expect([player.playing.value?.id, player.isPlaying.value]).toEqual(['b', true]);
  player.clear();
  expect([player.playing.value, player.isPlaying.value, sound.src]).toEqual([null, false, '']);
});

test('what is added to an empty queue waits; shuffled and back the order is the same', () => {
  player.enqueue(abc);
  expect([player.playing.value?.id, player.isPlaying.value]).toEqual(['a', false]);
  player.shuffle(true);
  expect(player.playing.value?.id).toBe('a');
  player.shuffle(false);
  expect(player.queue.value.entries.map((entry) => entry.track.id)).toEqual(['a', 'b', 'c']);
});

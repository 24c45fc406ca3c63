// SPDX-License-Identifier: MIT
import { plural } from '../plural';

export const player = {
  label: 'Player',
  play: 'Play',
  pause: 'Pause',
  next: 'Next track',
  previous: 'Previous track',
  position: 'Position',
  at: (now: string, whole: string) => `${now} of ${whole}`,
  enqueued: (n: number, title: string) =>
    n === 1 ? `“${title}” plays later` : plural('en', n, { one: '# track plays later', other: '# tracks play later' }),
  failed: (title: string) => `“${title}” cannot be played.`,
  now: (title: string, artist: string) => `Now playing: ${title}${artist === '' ? '' : `, ${artist}`}`,
  queue: 'Queue',
  empty: 'Nothing is in the queue.',
  toLibrary: 'Find something to listen to',
  clear: 'Clear the queue',
  shuffle: 'Shuffle',
  repeat: { off: 'Repeat: off', all: 'Repeat: the queue', one: 'Repeat: this track' },
  speed: 'Speed',
  volume: 'Volume',
  mute: 'Mute',
  playThis: (title: string) => `Play “${title}”`,
  up: (title: string) => `Move “${title}” up`,
  down: (title: string) => `Move “${title}” down`,
  remove: (title: string) => `Take “${title}” out of the queue`,
  showListening: 'Show others what I am listening to, as my status',
  keys: 'Keys that work on every page, except where you type',
  keyWords: {
    k: 'Play or pause',
    j: 'Back 10 seconds',
    l: 'On 10 seconds',
    N: 'Next track',
    P: 'Previous track',
    m: 'Mute',
  },
};

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
};

// SPDX-License-Identifier: MIT
//
// queue - what plays after what: functions over the list of entries, without a sound of their own.
import type { Track } from '../lib/protocol';

/** A place in the queue. The same track may stand in it twice, so places have keys. */
export interface Entry {
  readonly key: number;
  readonly track: Track;
  /** Where it stands when the queue is not shuffled. */
  readonly place: number;
}

export interface Queue {
  readonly entries: readonly Entry[];
  /** The entry that plays; -1 when there is none. */
  readonly index: number;
}

export type Repeat = 'off' | 'all' | 'one';

/** So many entries are kept; of a library of ten thousand tracks nobody hears more at once. */
export const MOST = 500;

let lastKey = 0;

const entryOf = (track: Track, place: number): Entry => ({ key: ++lastKey, track, place });

/** A queue of those tracks, at one of them; of too many those from that one on. */
export function queueOf(tracks: readonly Track[], index: number): Queue {
  const first = tracks.length > MOST ? Math.min(Math.max(index, 0), tracks.length - MOST) : 0;
  return { entries: tracks.slice(first, first + MOST).map(entryOf), index: index - first };
}

/** As it was kept by an earlier page, whose keys are not ours. */
export function restored({ entries, index }: Queue): Queue {
  return { entries: entries.map(({ track, place }) => entryOf(track, place)), index };
}

export function withMore({ entries, index }: Queue, tracks: readonly Track[]): Queue {
  const from = Math.max(-1, ...entries.map(({ place }) => place)) + 1;
  return { entries: [...entries, ...tracks.map((track, i) => entryOf(track, from + i))].slice(0, MOST), index };
}

/** Without one entry; when that is the one that plays, the one after it takes its place. */
export function without({ entries, index }: Queue, key: number): Queue {
  const at = entries.findIndex((entry) => entry.key === key);
  if (at < 0) return { entries, index };
  const rest = entries.filter((entry) => entry.key !== key);
  return { entries: rest, index: at < index ? index - 1 : Math.min(index, rest.length - 1) };
}

/** With one entry so many places further down, or up when negative. */
export function moved({ entries, index }: Queue, key: number, by: number): Queue {
  const from = entries.findIndex((entry) => entry.key === key);
  const entry = entries[from];
  if (!entry) return { entries, index };
  const current = entries[index];
  const next = entries.filter((other) => other !== entry);
  next.splice(Math.min(Math.max(from + by, 0), next.length), 0, entry);
  return { entries: next, index: current ? next.indexOf(current) : index };
}

/** The one that plays first, then all others in any order. */
export function shuffled({ entries, index }: Queue, random: () => number = Math.random): Queue {
  const current = entries[index];
  const rest = entries.map((entry, place) => ({ ...entry, place })).filter((entry) => entry.key !== current?.key);
  for (let i = rest.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [rest[i], rest[j]];
    if (a && b) [rest[i], rest[j]] = [b, a];
  }
  return current ? { entries: [{ ...current, place: index }, ...rest], index: 0 } : { entries: rest, index };
}

/** In the order from before it was shuffled. */
export function ordered({ entries, index }: Queue): Queue {
  const current = entries[index];
  const next = [...entries].sort((a, b) => a.place - b.place);
  return { entries: next, index: current ? next.indexOf(current) : index };
}

/** The entry one step on or back; null past the ends. */
export function step({ entries, index }: Queue, by: 1 | -1, repeat: Repeat): number | null {
  const next = index + by;
  if (next >= 0 && next < entries.length) return next;
  if (repeat === 'off' || entries.length === 0) return null;
  return next < 0 ? entries.length - 1 : 0;
}

/** With a track as it is stored now. */
export function updated({ entries, index }: Queue, track: Track): Queue {
  return { entries: entries.map((entry) => (entry.track.id === track.id ? { ...entry, track } : entry)), index };
}

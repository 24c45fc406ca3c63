// SPDX-License-Identifier: MIT
//
// peaks - how loud a track is from its beginning to its end: computed from its audio in the browser, once.
//
// The audio is decoded at a low rate, which is enough to draw and takes a sixth of the memory.
import type { Track } from '../lib/protocol';
import { fresh } from '../lib/signed';

const MOST_BYTES = 40_000_000;
const MOST_MS = 30 * 60_000;
const RATE = 8000; // hertz, the least that every browser takes
const POINTS = 1000;
const KEPT = 32; // tracks

export interface Peaks {
  /** From 0, silence, to 1; at most a thousand and one of them. */
  peaks: readonly number[];
  durationMs: number;
}

const kept = new Map<string, Promise<Peaks>>();

/** Whether to load the whole track for its picture: not what is too large, not where one saves data. */
export function canDraw({ audio, durationMs }: Track): boolean {
  const { connection } = globalThis.navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData !== true && audio.size <= MOST_BYTES && (durationMs ?? 0) <= MOST_MS;
}

async function compute(track: Track): Promise<Peaks> {
  const [{ default: WaveformData }, answer] = await Promise.all([
    import('waveform-data'),
    fetch(fresh(track.audio.url)),
  ]);
  if (!answer.ok) throw new Error(answer.statusText);
  const audio = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await answer.arrayBuffer());
  const options = { audio_buffer: audio, scale: Math.max(16, Math.ceil(audio.length / POINTS)), disable_worker: true };
  const waveform = await new Promise<InstanceType<typeof WaveformData>>((resolve, reject) =>
    WaveformData.createFromAudio(options, (error: DOMException | null, data) =>
      error ? reject(error) : resolve(data),
    ),
  );
  const channel = waveform.channel(0);
  const peaks = channel.max_array().map((max, i) => Math.max(max, -channel.min_sample(i)) / 128);
  return { peaks, durationMs: audio.duration * 1000 };
}

/** Audio alike has peaks alike. */
export function peaksOf(track: Track): Promise<Peaks> {
  const key = track.audio.blake2b;
  const known = kept.get(key);
  if (known) return known;
  const peaks = compute(track);
  peaks.catch(() => kept.delete(key)); // another try may do better
  kept.set(key, peaks);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return peaks;
}

/** So many bars, each the mean of what it stands for, in contrast to the loudest, which is 1. */
export function barsOf(peaks: readonly number[], bars: number): number[] {
  const means = Array.from({ length: bars }, (_, i) => {
    const from = Math.floor((i * peaks.length) / bars);
    const part = peaks.slice(from, Math.max(from + 1, Math.floor(((i + 1) * peaks.length) / bars)));
    return part.reduce((sum, peak) => sum + peak, 0) / part.length;
  });
  const loudest = Math.max(0.01, ...means);
  return means.map((mean) => (mean / loudest) ** 2);
}

/** The outline of bars in a picture `bars` wide and 2 high, its middle at 1. */
export function pathOf(bars: readonly number[]): string {
  return bars
    .map((height, i) => {
      const half = Math.max(0.03, height * 0.96).toFixed(3);
      return `M${i + 0.15} ${1 - Number(half)}h.7V${1 + Number(half)}h-.7z`;
    })
    .join('');
}

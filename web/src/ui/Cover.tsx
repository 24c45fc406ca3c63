// SPDX-License-Identifier: MIT
//
// Cover - a track's picture. One without is drawn one: a line of chant, square notes on four lines, by its id.
import { useState } from 'preact/hooks';
import type { Track } from '../lib/protocol';
import { fresh } from '../lib/signed';
import css from './Cover.module.css';
import { neumes } from './neumes';

export type CoverSize = 's' | 'm' | 'l' | 'full';

const LINES = [12, 20, 28, 36];

function Drawn({ id }: { id: string }) {
  const { ink, notes } = neumes(id);
  return (
    <svg viewBox="0 0 48 48" data-ink={ink} aria-hidden="true">
      {LINES.map((y) => (
        <path key={y} d={`M0 ${y}H48`} class={css.line} />
      ))}
      {notes.map(({ x, y, tail }) => (
        <path
          key={x}
          d={`M${x} ${y - 2.6}h5v5.2h-5z${tail === 0 ? '' : `M${x + 4.4} ${y}v${tail}`}`}
          class={css.note}
        />
      ))}
    </svg>
  );
}

export function Cover({ track, size = 'm' }: { track: Pick<Track, 'id' | 'coverUrl'>; size?: CoverSize }) {
  const [broken, setBroken] = useState<string | null>(null);
  const { id, coverUrl } = track;
  return (
    <span class={`${css.cover} ${css[size]}`}>
      {coverUrl === null || broken === coverUrl ? (
        <Drawn id={id} />
      ) : (
        <img src={fresh(coverUrl)} alt="" loading="lazy" decoding="async" onError={() => setBroken(coverUrl)} />
      )}
    </span>
  );
}

// SPDX-License-Identifier: MIT
//
// Mean - what a track's ratings come to, in a line.
import { Star } from 'lucide-preact';
import { number, t } from '../i18n/i18n';
import type { Average } from '../lib/protocol';
import css from './Mean.module.css';

export const tenths = (average: number) => number(Math.round(average * 10) / 10);

export function Mean({ rating: { average, count } }: { rating: Average }) {
  if (count === 0) return null;
  return (
    <span class={css.mean} title={t().music.rated(tenths(average), count)}>
      <Star size={14} aria-hidden />
      <span aria-hidden="true">
        {tenths(average)} <small>({number(count)})</small>
      </span>
      <span class="spoken">{t().music.rated(tenths(average), count)}</span>
    </span>
  );
}

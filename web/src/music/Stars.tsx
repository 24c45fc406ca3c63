// SPDX-License-Identifier: MIT
//
// Stars - one's own rating, as a group of radio buttons, and what all ratings come to.
import { Star } from 'lucide-preact';
import { t } from '../i18n/i18n';
import { Mean } from './Mean';
import css from './Stars.module.css';
import type { OpenTrack } from './track';

const VALUES = [1, 2, 3, 4, 5];

export function Stars({ open }: { open: OpenTrack }) {
  const words = t().music;
  const mine = open.mine.value;
  const track = open.track.value;
  return (
    <div class={css.rating}>
      <fieldset class={css.stars}>
        <legend class="spoken">{words.yourRating}</legend>
        {VALUES.map((value) => (
          <label key={value} title={words.stars(value)}>
            <input
              type="radio"
              name="stars"
              value={value}
              checked={mine === value}
              aria-label={words.stars(value)}
              onChange={() => open.rate(value)}
            />
            <Star size={22} class={value <= mine ? css.full : ''} aria-hidden />
          </label>
        ))}
      </fieldset>
      <span role="status">{track && <Mean rating={track.rating} />}</span>
    </div>
  );
}

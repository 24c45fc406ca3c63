// SPDX-License-Identifier: MIT
//
// Seek - where in the track one is, and the way to another moment of it.
import { clock, t } from '../i18n/i18n';
import { Range } from '../ui/Range';
import css from './Seek.module.css';
import { duration, position, seek } from './state';

export function Seek() {
  const [now, whole] = [position.value, duration.value];
  return (
    <div class={css.seek}>
      <span class={css.time}>{clock(now)}</span>
      <Range
        label={t().player.position}
        text={t().player.at(clock(now), clock(whole))}
        value={Math.min(now, whole)}
        max={whole}
        step={1000}
        disabled={whole === 0}
        onValue={seek}
      />
      <span class={css.time}>{clock(whole)}</span>
    </div>
  );
}

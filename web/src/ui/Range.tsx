// SPDX-License-Identifier: MIT
//
// Range - a slider: the browser's own, so that keyboard, pointer and touch work, in our looks.
import css from './Range.module.css';

export interface RangeProps {
  /** What it sets, in words. */
  label: string;
  /** What its value means: "1:23 of 4:56". */
  text: string;
  value: number;
  max: number;
  step: number;
  onValue: (value: number) => void;
  disabled?: boolean;
}

export function Range({ label, text, value, max, step, onValue, disabled = false }: RangeProps) {
  const done = max > 0 ? Math.min(1, value / max) * 100 : 0;
  return (
    <input
      class={css.range}
      type="range"
      min={0}
      max={max}
      step={step}
      value={value}
      disabled={disabled}
      aria-label={label}
      aria-valuetext={text}
      style={{ '--done': `${done}%` }}
      onInput={(e) => onValue(e.currentTarget.valueAsNumber)}
    />
  );
}

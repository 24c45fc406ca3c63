// SPDX-License-Identifier: MIT
//
// Choice - one of a few things, all of them seen at once; or one of more, in a list that opens.
import { useId } from 'preact/hooks';
import css from './Choice.module.css';

interface ChoiceProps<T extends string> {
  label: string;
  /** Each with its words, in their order. */
  options: readonly (readonly [T, string])[];
  value: T;
  onValue: (value: T) => void;
}

export function Choice<T extends string>({ label, options, value, onValue }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset class={css.choice}>
      <legend>{label}</legend>
      {options.map(([option, text]) => (
        <label key={option} class={css.option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onValue(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

export function Select<T extends string>({ label, options, value, onValue }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class={css.select}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(e) => onValue(e.currentTarget.value as T)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Check({
  label,
  hint,
  checked,
  disabled = false,
  onChecked,
}: {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChecked: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div class={css.check}>
      <input
        type="checkbox"
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(e) => onChecked(e.currentTarget.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="soft">
          {hint}
        </p>
      )}
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// Field - a labelled input with a hint, and what is wrong with what stands in it.
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import css from './Field.module.css';

interface Common {
  label: string;
  hint?: string;
  /** What is wrong; said to assistive technology when it appears. */
  problem?: string | null;
  value: string;
  onValue: (value: string) => void;
}

export type FieldProps = Common &
  Omit<JSX.IntrinsicElements['input'], 'value' | 'onInput' | 'label' | 'class' | 'className'>;
export type TextAreaProps = Common &
  Omit<JSX.IntrinsicElements['textarea'], 'value' | 'onInput' | 'label' | 'class' | 'className'>;

function Frame({
  id,
  label,
  hint,
  problem,
  children,
}: Pick<Common, 'label' | 'hint' | 'problem'> & { id: string; children: JSX.Element }) {
  return (
    <div class={css.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} class={css.hint}>
          {hint}
        </p>
      )}
      <p id={`${id}-problem`} class={css.problem} role="alert">
        {problem}
      </p>
    </div>
  );
}

function described(id: string, hint?: string, problem?: string | null) {
  const by = [hint !== undefined && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return { 'aria-invalid': Boolean(problem), ...(by !== '' && { 'aria-describedby': by }) };
}

export function Field({ label, hint, problem = null, value, onValue, ...rest }: FieldProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} problem={problem} {...(hint !== undefined && { hint })}>
      <input
        {...rest}
        {...described(id, hint, problem)}
        id={id}
        class={css.input}
        value={value}
        onInput={(e) => onValue(e.currentTarget.value)}
      />
    </Frame>
  );
}

export function TextArea({ label, hint, problem = null, value, onValue, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <Frame id={id} label={label} problem={problem} {...(hint !== undefined && { hint })}>
      <textarea
        {...rest}
        {...described(id, hint, problem)}
        id={id}
        class={css.input}
        value={value}
        onInput={(e) => onValue(e.currentTarget.value)}
      />
    </Frame>
  );
}

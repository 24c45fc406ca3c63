// SPDX-License-Identifier: MIT
//
// Field - a labelled input with a hint, and what is wrong with what stands in it.
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import css from './Field.module.css';

interface Common {
  label: string;
  hint?: string | undefined;
  /** What is wrong; said to assistive technology when it appears. */
  problem?: string | null | undefined;
  value: string;
  onValue: (value: string) => void;
}

type Own = keyof Common | 'onInput' | 'class' | 'className';
export type FieldProps = Common & Omit<JSX.IntrinsicElements['input'], Own>;
export type TextAreaProps = Common & Omit<JSX.IntrinsicElements['textarea'], Own>;

/** What the element that one types into is given. */
interface Control {
  id: string;
  class: string | undefined;
  value: string;
  onInput: (e: { currentTarget: { value: string } }) => void;
  'aria-invalid': boolean;
  'aria-describedby'?: string;
}

function Labelled({
  label,
  hint,
  problem,
  value,
  onValue,
  children,
}: Common & { children: (control: Control) => JSX.Element }) {
  const id = useId();
  const by = [hint !== undefined && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div class={css.field}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        class: css.input,
        value,
        onInput: (e) => onValue(e.currentTarget.value),
        'aria-invalid': Boolean(problem),
        ...(by !== '' && { 'aria-describedby': by }),
      })}
      {hint !== undefined && (
        <p id={`${id}-hint`} class={css.hint}>
          {hint}
        </p>
      )}
      <p id={`${id}-problem`} class="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}

export function Field({ label, hint, problem, value, onValue, ...rest }: FieldProps) {
  const common = { label, hint, problem, value, onValue };
  return <Labelled {...common}>{(control) => <input {...rest} {...control} />}</Labelled>;
}

export function TextArea({ label, hint, problem, value, onValue, ...rest }: TextAreaProps) {
  const common = { label, hint, problem, value, onValue };
  return <Labelled {...common}>{(control) => <textarea {...rest} {...control} />}</Labelled>;
}

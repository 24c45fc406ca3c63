// SPDX-License-Identifier: MIT
//
// Button - what can be pressed: in words, or an icon with words for those who listen.
import type { ComponentChildren, JSX } from 'preact';
import css from './Button.module.css';

type Kind = 'main' | 'plain' | 'quiet' | 'danger';

export type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'class' | 'className'> & {
  kind?: Kind;
  /** True while what it began is under way: it cannot be pressed again. */
  busy?: boolean;
  children: ComponentChildren;
};

export function Button({ kind = 'plain', busy = false, disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`${css.button} ${css[kind]}`}
      disabled={busy || disabled === true}
      aria-busy={busy}
    >
      {children}
    </button>
  );
}

export type IconButtonProps = Omit<JSX.IntrinsicElements['button'], 'class' | 'className' | 'label'> & {
  /** What it does, in words. */
  label: string;
  /** For buttons that stay pressed. */
  pressed?: boolean;
  children: ComponentChildren;
};

export function IconButton({ label, pressed, children, ...rest }: IconButtonProps) {
  return (
    <button type="button" title={label} aria-label={label} aria-pressed={pressed} {...rest} class={css.icon}>
      {children}
    </button>
  );
}

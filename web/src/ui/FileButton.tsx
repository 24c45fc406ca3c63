// SPDX-License-Identifier: MIT
//
// FileButton - chooses files. All of it takes a press, and the focus.
import type { JSX } from 'preact';
import css from './FileButton.module.css';

export type FileButtonProps = Pick<JSX.IntrinsicElements['input'], 'accept' | 'multiple' | 'disabled'> & {
  class: string | undefined;
  onFiles: (files: File[]) => void;
  children: JSX.Element | JSX.Element[] | string;
};

export function FileButton({ class: look, onFiles, children, ...rest }: FileButtonProps) {
  return (
    <label class={`${css.choose} ${look}`}>
      <input
        {...rest}
        type="file"
        onChange={(e) => {
          onFiles([...(e.currentTarget.files ?? [])]);
          e.currentTarget.value = ''; // so that the same file may be chosen again
        }}
      />
      {children}
    </label>
  );
}

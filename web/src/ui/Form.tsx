// SPDX-License-Identifier: MIT
//
// Form - fields that are handed over together, by the Enter key too; the page stays.
import type { JSX } from 'preact';

export type FormProps = Omit<JSX.IntrinsicElements['form'], 'onSubmit'> & { onSubmit: () => unknown };

export function Form({ onSubmit, ...rest }: FormProps) {
  return (
    <form
      {...rest}
      onSubmit={(e) => {
        e.preventDefault();
        onSubmit();
      }}
    />
  );
}

// SPDX-License-Identifier: MIT
//
// refused - what the server refuses a request with, or that it could not be asked.
import { language, t } from '../i18n/i18n';
import type { ErrorCode } from './protocol';

export class Refused extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** After how many milliseconds the server says to ask again; null: it did not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** What to show: the server's own sentence, which is English, or that of the catalogue for its code. `here`: what a
 *  code means where it was asked. */
export function sentenceOf(error: unknown, here: Partial<Record<ErrorCode, string>> = {}): string {
  if (!(error instanceof Refused)) return t().app.errors.internal;
  if (language.value === 'en' && error.message !== '') return error.message;
  return here[error.code] ?? t().app.errors[error.code];
}

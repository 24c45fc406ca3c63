// SPDX-License-Identifier: MIT
//
// Waiting - something is on its way. Shown only when it takes a moment, so that what is quick does not flicker.
import { t } from '../i18n/i18n';
import css from './Waiting.module.css';

export function Waiting() {
  return (
    <div class={css.waiting} role="status">
      <span class={css.bars} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class="spoken">{t().app.loading}</span>
    </div>
  );
}

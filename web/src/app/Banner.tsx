// SPDX-License-Identifier: MIT
//
// Banner - says when the server is out of reach, and that nothing is lost by it.
import { t } from '../i18n/i18n';
import { link } from '../lib/connection';
import css from './Banner.module.css';

export function Banner() {
  const isOffline = link.value === 'offline';
  return <div role="status">{isOffline && <p class={css.banner}>{t().app.offline}</p>}</div>;
}

// SPDX-License-Identifier: MIT
//
// Banner - says when the server is out of reach, and that nothing is lost by it; to those who listen also that it is
// back.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { link } from '../lib/connection';
import css from './Banner.module.css';

const STAYS = 10_000; // milliseconds

export function Banner() {
  const isOffline = link.value === 'offline';
  const wasOffline = useRef(false);
  const isBack = useSignal(false);
  useEffect(() => {
    isBack.value = wasOffline.current && link.peek() === 'online';
    wasOffline.current = isOffline;
    const timer = setTimeout(() => (isBack.value = false), STAYS);
    return () => clearTimeout(timer);
  }, [isOffline]);
  return (
    <div role="status">
      {isOffline && <p class={css.banner}>{t().app.offline}</p>}
      {isBack.value && <p class="spoken">{t().app.back}</p>}
    </div>
  );
}

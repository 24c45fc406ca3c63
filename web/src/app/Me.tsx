// SPDX-License-Identifier: MIT
//
// Me - oneself at the foot of the side: the way to the settings.
import { Settings } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { t } from '../i18n/i18n';
import { me, nameOf } from '../lib/people';
import { Avatar } from '../ui/Avatar';
import css from './Me.module.css';

export function Me() {
  return (
    <Link href="/settings" class={css.me} title={t().app.places.settings}>
      <Avatar user={me.value} status />
      <span class="lines">
        <b class="line">{nameOf(me.value)}</b>
        <span class="line soft">{me.value?.statusText ?? ''}</span>
      </span>
      <Settings size={18} aria-label={t().app.places.settings} />
    </Link>
  );
}

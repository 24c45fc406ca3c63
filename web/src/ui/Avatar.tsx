// SPDX-License-Identifier: MIT
//
// Avatar - a person's picture, or their initial in lapis or rubric; with a dot for their status when asked for.
import { t } from '../i18n/i18n';
import { nameOf, statusOf } from '../lib/people';
import type { User } from '../lib/protocol';
import css from './Avatar.module.css';

/** The two inks take turns by what of the id is random. */
function ink(id: string): 'lapis' | 'rubric' {
  return parseInt(id.slice(-2), 16) % 2 === 0 ? 'lapis' : 'rubric';
}

function initial(user: User | null): string {
  const first = [...new Intl.Segmenter(undefined).segment(nameOf(user))][0]?.segment ?? '';
  return first.slice(0, 4).toLocaleUpperCase();
}

export function Avatar({
  user,
  size = 'm',
  status = false,
}: {
  user: User | null;
  size?: 's' | 'm' | 'l';
  status?: boolean;
}) {
  const seen = status && user ? statusOf(user.id) : null;
  return (
    <span class={`${css.avatar} ${css[size]}`}>
      {user?.avatarUrl ? (
        <img src={user.avatarUrl} alt="" loading="lazy" decoding="async" />
      ) : (
        <span class={css.initial} data-ink={ink(user?.id ?? '0')} aria-hidden="true">
          {initial(user)}
        </span>
      )}
      {seen && seen !== 'offline' && (
        <span class={`${css.dot} ${css[seen]}`}>
          <span class="spoken">{t().app.status[seen]}</span>
        </span>
      )}
    </span>
  );
}

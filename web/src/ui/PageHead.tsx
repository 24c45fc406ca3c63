// SPDX-License-Identifier: MIT
//
// PageHead - the head of a page: its name, which becomes the tab's title, the way back on small screens, and actions.
import { ArrowLeft } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { Link } from 'wouter-preact';
import { t } from '../i18n/i18n';
import css from './PageHead.module.css';
import { useTitle } from './title';

export function PageHead({
  title,
  about,
  children,
}: {
  title: string;
  /** A line below the name. */
  about?: ComponentChildren;
  children?: ComponentChildren;
}) {
  useTitle(title);
  return (
    <header class={css.head}>
      <Link href="/" class={css.back} aria-label={t().app.toStart}>
        <ArrowLeft size={20} aria-hidden />
      </Link>
      <div class={css.name}>
        <h1 class="line">{title}</h1>
        {about !== undefined && <p class="line soft">{about}</p>}
      </div>
      {children}
    </header>
  );
}

// SPDX-License-Identifier: MIT
//
// Places - the links to the parts of the application.
import { Compass, Library, type LucideIcon, Search } from 'lucide-preact';
import { Link, useRoute } from 'wouter-preact';
import { t } from '../i18n/i18n';
import css from './Places.module.css';

function Place({ to, pattern, icon: Icon, text }: { to: string; pattern: string; icon: LucideIcon; text: string }) {
  const [isHere] = useRoute(pattern);
  return (
    <li>
      <Link href={to} class={css.place} aria-current={isHere ? 'page' : undefined}>
        <Icon size={18} aria-hidden />
        {text}
      </Link>
    </li>
  );
}

export function Places() {
  const { places } = t().app;
  return (
    <nav aria-label={places.label}>
      <ul class={css.list}>
        <Place to="/music" pattern="/music/*?" icon={Library} text={places.music} />
        <Place to="/search" pattern="/search" icon={Search} text={places.search} />
        <Place to="/channels" pattern="/channels" icon={Compass} text={places.channels} />
      </ul>
    </nav>
  );
}

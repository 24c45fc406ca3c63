// SPDX-License-Identifier: MIT
//
// SettingsPage - the parts of the settings, and the one that is open.
import type { ComponentType } from 'preact';
import { Link } from 'wouter-preact';
import { t } from '../i18n/i18n';
import { me } from '../lib/people';
import { PageHead } from '../ui/PageHead';
import { AccountSection } from './AccountSection';
import { AppearanceSection } from './AppearanceSection';
import { InvitesSection } from './InvitesSection';
import { NotificationsSection } from './NotificationsSection';
import { PeopleSection } from './PeopleSection';
import { ProfileSection } from './ProfileSection';
import css from './settings.module.css';

const everyones = {
  appearance: AppearanceSection,
  notifications: NotificationsSection,
  profile: ProfileSection,
  account: AccountSection,
};
const admins = { people: PeopleSection, invites: InvitesSection };
const sections: Readonly<Record<keyof typeof everyones | keyof typeof admins, ComponentType>> = {
  ...everyones,
  ...admins,
};
type Name = keyof typeof sections;

export function SettingsPage({ section }: { section: string }) {
  const text = t().settings;
  const isAdmin = me.value?.role === 'admin';
  const names = Object.keys(isAdmin ? sections : everyones) as Name[];
  const open = names.find((name) => name === section) ?? 'appearance';
  const Section = sections[open];
  return (
    <div class="layout">
      <PageHead title={text.title} />
      <div class={css.body}>
        <nav aria-label={text.sections.label}>
          <ul class={css.sections}>
            {names.map((name) => (
              <li key={name}>
                <Link href={`/settings/${name}`} aria-current={name === open ? 'page' : undefined}>
                  {text.sections[name]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <section class={css.section} aria-label={text.sections[open]}>
          <h2>{text.sections[open]}</h2>
          {me.value && <Section />}
        </section>
      </div>
    </div>
  );
}

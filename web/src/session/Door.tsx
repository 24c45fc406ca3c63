// SPDX-License-Identifier: MIT
//
// Door - what the pages before the application share: its name, one form, the language.
import type { ComponentChildren } from 'preact';
import { language, type Language, languages, t } from '../i18n/i18n';
import { languageChosen } from '../ui/appearance';
import { Form } from '../ui/Form';
import css from './Door.module.css';

export function Door({
  title,
  about,
  onSubmit,
  children,
}: {
  title: string;
  about: string;
  onSubmit: () => Promise<void>;
  children: ComponentChildren;
}) {
  return (
    <main class={css.door}>
      <Form class={css.form} onSubmit={onSubmit}>
        <p class={css.brand}>
          <img src="/icon.svg" alt="" width="40" height="40" />
          Antiphon
        </p>
        <h1>{title}</h1>
        <p class="soft">{about}</p>
        {children}
      </Form>
      <label class={css.language}>
        <span class="spoken">{t().app.language}</span>
        <select
          value={language.value}
          onChange={(e) => {
            languageChosen.set(e.currentTarget.value as Language);
          }}
        >
          {Object.entries(languages).map(([tag, name]) => (
            <option key={tag} value={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </main>
  );
}

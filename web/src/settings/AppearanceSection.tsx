// SPDX-License-Identifier: MIT
import { languages, t } from '../i18n/i18n';
import { density, DENSITIES, languageChosen, LANGUAGES, theme, THEMES } from '../ui/appearance';
import { Choice, Select } from '../ui/Choice';

export function AppearanceSection() {
  const text = t().settings;
  return (
    <>
      <p class="soft">{text.everywhere}</p>
      <Choice
        label={text.theme}
        options={THEMES.map((name) => [name, text.themes[name]] as const)}
        value={theme.value}
        onValue={(name) => theme.set(name)}
      />
      <Choice
        label={text.density}
        options={DENSITIES.map((name) => [name, text.densities[name]] as const)}
        value={density.value}
        onValue={(name) => density.set(name)}
      />
      <Select
        label={t().app.language}
        options={LANGUAGES.map((tag) => [tag, tag === 'browser' ? text.asBrowser : languages[tag]] as const)}
        value={languageChosen.value}
        onValue={(tag) => languageChosen.set(tag)}
      />
    </>
  );
}

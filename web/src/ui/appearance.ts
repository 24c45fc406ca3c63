// SPDX-License-Identifier: MIT
//
// appearance - theme, density and language of the page: the account's settings, as this browser last knew them.
import { effect, untracked } from '@preact/signals';
import { browserLanguage, type Language, languages, setLanguage } from '../i18n/i18n';
import { oneOf, setting } from '../lib/settings';

export const THEMES = ['system', 'light', 'dark'] as const;
export const DENSITIES = ['comfortable', 'compact'] as const;
/** `browser`: the first of the browser's languages that there is. */
export const LANGUAGES = ['browser', ...(Object.keys(languages) as Language[])] as const;

export const theme = setting<(typeof THEMES)[number]>('theme', 'system', oneOf(...THEMES));
export const density = setting<(typeof DENSITIES)[number]>('density', 'comfortable', oneOf(...DENSITIES));
export const languageChosen = setting<(typeof LANGUAGES)[number]>('language', 'browser', oneOf(...LANGUAGES));

function wanted(): Language {
  return languageChosen.value === 'browser' ? browserLanguage() : languageChosen.value;
}

/** Puts them on the page and keeps them there; resolves when the language's texts are loaded. */
export async function startAppearance(): Promise<void> {
  const root = document.documentElement;
  effect(() => {
    if (theme.value === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme.value;
  });
  effect(() => {
    root.dataset.density = density.value;
  });
  await setLanguage(wanted());
  effect(() => {
    const language = wanted();
    untracked(() => void setLanguage(language));
  });
}

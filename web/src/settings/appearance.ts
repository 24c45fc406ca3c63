// SPDX-License-Identifier: MIT
//
// appearance - theme, density and language: what this browser begins with, before the server's settings are there.
import { effect } from '@preact/signals';
import { browserLanguage, type Language, setLanguage } from '../i18n/i18n';
import { stored } from '../lib/stored';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

export const theme = stored<Theme>('antiphon.theme', 'system');
export const density = stored<Density>('antiphon.density', 'comfortable');
export const languageChosen = stored<Language | null>('antiphon.language', null);

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
  await setLanguage(languageChosen.peek() ?? browserLanguage());
  languageChosen.subscribe((chosen) => void setLanguage(chosen ?? browserLanguage()));
}

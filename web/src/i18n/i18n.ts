// SPDX-License-Identifier: MIT
//
// i18n - the language of the page: which one, its catalogue, and dates, numbers and plurals in it.
//
// A catalogue is an object of texts and of functions that make texts; English is its type, so a language in which a
// text is missing does not compile. Read inside a component, `t()` follows a change of language.
import { computed, signal } from '@preact/signals';
import { en } from './en';

export type Catalogue = typeof en;
export type Language = 'en' | 'fr';

export const languages: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français' };

const catalogue = signal<Catalogue>(en);
export const language = signal<Language>('en');

/** The texts of the language in use. */
export function t(): Catalogue {
  return catalogue.value;
}

/** Takes a language, once its texts are there; says so to assistive technology too. */
export async function setLanguage(wanted: Language): Promise<void> {
  catalogue.value = wanted === 'fr' ? (await import('./fr')).fr : en;
  language.value = wanted;
  document.documentElement.lang = wanted;
}

/** The first of the browser's languages that there is. */
export function browserLanguage(wanted: readonly string[] = navigator.languages): Language {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag): tag is Language => tag in languages) ?? 'en';
}

/** The language in use as the browser knows it, with its region: in Britain it is 14:05, in America 2:05 PM. */
const locale = computed(() => {
  const wanted = 'navigator' in globalThis ? navigator.languages : [];
  return wanted.find((tag) => tag.slice(0, 2).toLowerCase() === language.value) ?? language.value;
});

const formats = computed(() => {
  const tag = locale.value;
  return {
    number: new Intl.NumberFormat(tag),
    time: new Intl.DateTimeFormat(tag, { timeStyle: 'short' }),
    day: new Intl.DateTimeFormat(tag, { dateStyle: 'full' }),
    date: new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }),
    moment: new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short' }),
    relative: new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }),
  };
});

export function number(n: number): string {
  return formats.value.number.format(n);
}

/** 14:05 */
export function time(at: string): string {
  return formats.value.time.format(new Date(at));
}

/** Sunday, 22 November 2026; today and yesterday by their names. */
export function day(at: string, now = new Date()): string {
  const date = new Date(at);
  const midnight = (d: Date) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  const days = Math.round((midnight(date) - midnight(now)) / 86_400_000);
  if (days !== 0 && days !== -1) return formats.value.day.format(date);
  const name = formats.value.relative.format(days, 'day');
  return name.charAt(0).toLocaleUpperCase(language.value) + name.slice(1);
}

/** 22 Nov 2026 */
export function date(at: string): string {
  return formats.value.date.format(new Date(at));
}

/** The day and the time, for titles of shorter forms. */
export function moment(at: string): string {
  return formats.value.moment.format(new Date(at));
}

/** 3:07 or 1:02:09, as players show it. */
export function clock(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => n.toString().padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 3.2 MB, in the units of the language. */
export function bytes(n: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = n < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(n) / 3));
  return new Intl.NumberFormat(locale.value, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(n / 1000 ** power);
}

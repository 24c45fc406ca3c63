// SPDX-License-Identifier: MIT
//
// plural - which form of a text goes with a number; `#` in it becomes the number. Apart from i18n.ts, so that the
// catalogues need nothing but this.
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

const rules = new Map<string, { plural: Intl.PluralRules; number: Intl.NumberFormat }>();

/** plural('fr', 2, { one: '# message', other: '# messages' }) is `2 messages`. */
export function plural(language: string, n: number, forms: Forms): string {
  let rule = rules.get(language);
  if (!rule) {
    rule = { plural: new Intl.PluralRules(language), number: new Intl.NumberFormat(language) };
    rules.set(language, rule);
  }
  return (forms[rule.plural.select(n)] ?? forms.other).replace('#', rule.number.format(n));
}

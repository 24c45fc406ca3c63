// SPDX-License-Identifier: MIT
//
// talk - how people of the stories use a conversation.
export const lobby = '01900000-0000-7000-8000-000000000001';

export const box = ({ page }) => page.getByRole('textbox', { name: /^(Write to|Écrire à) / });
export const log = ({ page }) => page.getByRole('log');
export const message = (person, text) => log(person).getByRole('article').filter({ hasText: text });

// The place of a conversation in the list of them.
export const place = ({ page }, name) => page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name });

export async function write(person, text) {
  await box(person).fill(text);
  await box(person).press('Enter');
}

// The texts of the messages in sight, in their order.
export const texts = (person) => log(person).getByRole('article').locator('p').allTextContents();

// SPDX-License-Identifier: MIT
//
// Typing - who is writing just now.
import { t } from '../i18n/i18n';
import { nameOf, person } from '../lib/people';
import { typingIn } from './state/typing';
import css from './Typing.module.css';

const NAMED = 3;

export function Typing({ groupId }: { groupId: string }) {
  const ids = typingIn(groupId);
  const names = ids.map((id) => nameOf(person(id))).join(', ');
  const text = ids.length > NAMED ? t().chat.manyTyping : t().chat.typing(names, ids.length);
  return <p class={`${css.typing} line`}>{ids.length > 0 && <bdi>{text}…</bdi>}</p>;
}

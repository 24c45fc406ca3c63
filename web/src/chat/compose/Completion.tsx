// SPDX-License-Identifier: MIT
//
// Completion - what the word that is being written may become, as a list above the composer.
import { t } from '../../i18n/i18n';
import { nameOf } from '../../lib/people';
import type { User } from '../../lib/protocol';
import { Avatar } from '../../ui/Avatar';
import type { NamedEmoji } from '../text/emoji';
import css from './Completion.module.css';

export type Option = { id: string; by: string } & ({ user: User } | { emoji: NamedEmoji });

export const optionOfUser = (user: User): Option => ({ id: user.id, by: `@${user.username}`, user });
export const optionOfEmoji = (emoji: NamedEmoji): Option => ({ id: emoji.name, by: emoji.emoji, emoji });

function Content({ option }: { option: Option }) {
  if ('emoji' in option) {
    return (
      <>
        <span aria-hidden="true">{option.emoji.emoji}</span>
        <span class="line">:{option.emoji.name}:</span>
      </>
    );
  }
  return (
    <>
      <Avatar user={option.user} size="s" status />
      <bdi class="line">{nameOf(option.user)}</bdi>
      <span class="line soft">@{option.user.username}</span>
    </>
  );
}

export function Completion({
  id,
  options,
  chosen,
  onChoose,
}: {
  id: string;
  options: readonly Option[];
  chosen: number;
  onChoose: (option: Option) => void;
}) {
  return (
    <ul id={id} class={css.list} role="listbox" aria-label={t().chat.completions}>
      {options.map((option, i) => (
        <li
          key={option.id}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === chosen}
          class={css.option}
          // The text area keeps the focus.
          onMouseDown={(e) => {
            e.preventDefault();
            onChoose(option);
          }}
        >
          <Content option={option} />
        </li>
      ))}
    </ul>
  );
}

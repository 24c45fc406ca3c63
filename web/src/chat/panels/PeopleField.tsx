// SPDX-License-Identifier: MIT
//
// PeopleField - finds people by name; each found is a button that chooses them.
import { useComputed, useSignal } from '@preact/signals';
import { Check } from 'lucide-preact';
import { t } from '../../i18n/i18n';
import { findPeople, myId, nameOf } from '../../lib/people';
import { MAX_LIST_USERS_QUERY, type User } from '../../lib/protocol';
import { Avatar } from '../../ui/Avatar';
import { Field } from '../../ui/Field';
import { useFound } from '../../ui/useFound';
import css from './PeopleField.module.css';

export function PeopleField({
  chosen,
  hidden = [],
  onToggle,
}: {
  chosen: readonly User[];
  /** Ids of those who are not offered. */
  hidden?: readonly string[];
  onToggle: (user: User) => void;
}) {
  const query = useSignal('');
  const { list: found } = useFound(
    useComputed(() => query.value.trim()),
    findPeople,
  );
  const isChosen = (user: User) => chosen.some(({ id }) => id === user.id);
  const offered = [...chosen, ...(found ?? []).filter((user) => !isChosen(user))].filter(
    ({ id }) => id !== myId.value && !hidden.includes(id),
  );
  return (
    <div class={css.people}>
      <Field
        label={t().chat.findPeople}
        type="search"
        maxLength={MAX_LIST_USERS_QUERY}
        value={query.value}
        onValue={(value) => (query.value = value)}
      />
      <ul class={css.list} aria-label={t().chat.membersToAdd}>
        {offered.map((user) => (
          <li key={user.id}>
            <button type="button" class={css.one} aria-pressed={isChosen(user)} onClick={() => onToggle(user)}>
              <Avatar user={user} size="s" status />
              <bdi class="line">{nameOf(user)}</bdi>
              <span class="line soft">@{user.username}</span>
              {isChosen(user) && <Check size={18} aria-hidden />}
            </button>
          </li>
        ))}
      </ul>
      <p class="soft" role="status">
        {found && offered.length === 0 && t().chat.nobodyFound}
      </p>
    </div>
  );
}

// SPDX-License-Identifier: MIT
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { nameOf } from '../lib/people';
import { type ChangeUser, MAX_LIST_USERS_QUERY, ROLE_WORDS, type User } from '../lib/protocol';
import { sentenceOf } from '../lib/refused';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Check, Choice } from '../ui/Choice';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';
import { complain } from '../ui/notices';
import { Waiting } from '../ui/Waiting';
import { changeAccount, findMore, findPeople, people } from './admin';
import css from './settings.module.css';

/** The role of an account, and whether it is suspended: what is chosen is done at once. */
function Manage({ user, onClose }: { user: User; onClose: () => void }) {
  const text = t().settings;
  const [problem, setProblem] = useState<string | null>(null);
  const change = (changes: Omit<ChangeUser, 'id'>) => {
    setProblem(null);
    changeAccount({ id: user.id, ...changes }).catch((error: unknown) => setProblem(sentenceOf(error)));
  };
  return (
    <Dialog title={text.manageOf(nameOf(user))} onClose={onClose}>
      <Choice
        label={text.role}
        options={ROLE_WORDS.map((role) => [role, text.roles[role]] as const)}
        value={user.role}
        onValue={(role) => change({ role })}
      />
      <Check
        label={text.suspended}
        hint={text.suspendedHint}
        checked={user.suspended === true}
        onChecked={(suspended) => change({ suspended })}
      />
      <p role="alert" class="problem">
        {problem}
      </p>
    </Dialog>
  );
}

function Person({ user, onManage }: { user: User; onManage: () => void }) {
  const text = t().settings;
  return (
    <li>
      <Avatar user={user} />
      <div class={css.grow}>
        <b>{nameOf(user)}</b>
        <p class={`soft ${css.facts}`}>
          {`@${user.username} `}
          {user.role !== 'user' && <span class={css.mark}>{text.roles[user.role]}</span>}{' '}
          {user.suspended && <span class={css.mark}>{text.suspended}</span>}
        </p>
      </div>
      <Button aria-label={text.manageOf(nameOf(user))} onClick={onManage}>
        {text.manage}
      </Button>
    </li>
  );
}

export function PeopleSection() {
  const text = t().settings;
  const [query, setQuery] = useState('');
  const [managedId, setManagedId] = useState<string | null>(null);
  useEffect(() => void findPeople(query).catch(complain), [query]);
  const found = people.value;
  const managed = found?.users.find(({ id }) => id === managedId);
  return (
    <>
      <Field
        label={text.find}
        type="search"
        autoComplete="off"
        maxLength={MAX_LIST_USERS_QUERY}
        value={query}
        onValue={setQuery}
      />
      {found === null && <Waiting />}
      <p role="status">{found?.users.length === 0 ? text.nobody : ''}</p>
      {found && found.users.length > 0 && (
        <ul class={css.list}>
          {found.users.map((user) => (
            <Person key={user.id} user={user} onManage={() => setManagedId(user.id)} />
          ))}
        </ul>
      )}
      {found?.next != null && (
        <div>
          <Button onClick={() => void findMore().catch(complain)}>{text.more}</Button>
        </div>
      )}
      {managed && <Manage key={managed.id} user={managed} onClose={() => setManagedId(null)} />}
    </>
  );
}

// SPDX-License-Identifier: MIT
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { nameOf } from '../lib/people';
import { type Account, MAX_LIST_USERS_QUERY, ROLE_WORDS, type User } from '../lib/protocol';
import { sentenceOf } from '../lib/refused';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Check, Choice } from '../ui/Choice';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';
import { complain } from '../ui/notices';
import { Waiting } from '../ui/Waiting';
import { accountOf, changeAccount, findMore, findPeople, people } from './admin';
import css from './settings.module.css';

/** The role of an account, and whether it is suspended: what is chosen is done at once. */
function Manage({ user, onClose }: { user: User; onClose: () => void }) {
  const text = t().settings;
  const [account, setAccount] = useState<Account | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = (answer: Promise<Account>) => {
    setProblem(null);
    answer.then(setAccount, (error: unknown) => setProblem(sentenceOf(error)));
  };
  useEffect(() => take(accountOf(user.id)), []);
  const change = (changes: { role: User['role'] } | { suspended: boolean }) =>
    take(changeAccount({ id: user.id, ...changes }));
  return (
    <Dialog title={text.manageOf(nameOf(user))} onClose={onClose}>
      {account ? (
        <>
          <Choice
            label={text.role}
            options={ROLE_WORDS.map((role) => [role, text.roles[role]] as const)}
            value={account.user.role}
            onValue={(role) => change({ role })}
          />
          <Check
            label={text.suspended}
            hint={text.suspendedHint}
            checked={account.suspended}
            onChecked={(suspended) => change({ suspended })}
          />
        </>
      ) : (
        problem === null && <Waiting />
      )}
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
          {user.role !== 'user' && <span class={css.mark}>{text.roles[user.role]}</span>}
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
  const [managed, setManaged] = useState<User | null>(null);
  useEffect(() => void findPeople(query).catch(complain), [query]);
  const found = people.value;
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
            <Person key={user.id} user={user} onManage={() => setManaged(user)} />
          ))}
        </ul>
      )}
      {found?.next != null && (
        <div>
          <Button onClick={() => void findMore().catch(complain)}>{text.more}</Button>
        </div>
      )}
      {managed && <Manage key={managed.id} user={managed} onClose={() => setManaged(null)} />}
    </>
  );
}

// SPDX-License-Identifier: MIT
//
// MembersPanel - who is in the group, and who of them is here.
import { useSignal, useSignalEffect } from '@preact/signals';
import { MessageCircle, UserMinus, UserPlus, X } from 'lucide-preact';
import { useLocation } from 'wouter-preact';
import { t } from '../../i18n/i18n';
import { me, nameOf, person, statusOf } from '../../lib/people';
import type { Group, User } from '../../lib/protocol';
import { tame } from '../../lib/tame';
import { Avatar } from '../../ui/Avatar';
import { Button, IconButton } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { complain, notify } from '../../ui/notices';
import { createGroup, removeMember } from '../state/actions';
import { AddPeople } from './AddPeople';
import css from './MembersPanel.module.css';
import { membersOf } from './members';
import { StatusDialog } from './StatusDialog';

function Member({ user, onRemove }: { user: User; onRemove: ((user: User) => void) | null }) {
  const [, go] = useLocation();
  const isMe = user.id === me.value?.id;
  const now = person(user.id) ?? user;
  const name = nameOf(now);
  const write = async () => {
    const group = await createGroup({ kind: 'direct', members: [user.id] });
    go(`/g/${group.id}`);
  };
  return (
    <li class={css.member}>
      <a href={`#/u/${user.id}`} class={css.person}>
        <Avatar user={now} size="s" status />
        <span class="lines">
          <bdi class="line">{name}</bdi>
          {now.statusText !== '' && <bdi class="line soft">{tame(now.statusText)}</bdi>}
        </span>
      </a>
      {!isMe && (
        <IconButton label={t().chat.message(name)} onClick={() => void write().catch(complain)}>
          <MessageCircle size={17} aria-hidden />
        </IconButton>
      )}
      {onRemove && !isMe && (
        <IconButton label={t().chat.removeMember(name)} onClick={() => onRemove(user)}>
          <UserMinus size={17} aria-hidden />
        </IconButton>
      )}
    </li>
  );
}

function Section({
  title,
  users,
  onRemove,
}: {
  title: string;
  users: User[];
  onRemove: ((user: User) => void) | null;
}) {
  if (users.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 class={css.title}>
        {title} · {users.length}
      </h3>
      <ul>
        {users.map((user) => (
          <Member key={user.id} user={user} onRemove={onRemove} />
        ))}
      </ul>
    </section>
  );
}

export function MembersPanel({ group, onClose }: { group: Group; onClose: () => void }) {
  const shown = useSignal<'add' | 'status' | null>(null);
  const leaving = useSignal<User | null>(null);
  const members = useSignal<User[]>([]);
  const more = useSignal<(() => void) | null>(null);
  useSignalEffect(() => membersOf(group.id, members, more));
  const user = leaving.value;
  const isOwner = group.creatorId === me.value?.id || (me.value?.role ?? 'user') !== 'user';
  const canChange = isOwner && group.kind !== 'direct' && group.creatorId !== null;
  const here = members.value.filter(({ id }) => statusOf(id) !== 'offline');
  const away = members.value.filter(({ id }) => statusOf(id) === 'offline');
  const onRemove = canChange ? (one: User) => (leaving.value = one) : null;
  const remove = async (one: User) => {
    await removeMember(group.id, one.id);
    notify(t().chat.removed(nameOf(one)));
  };
  return (
    <aside class={css.panel} aria-label={t().chat.people}>
      <header class={css.head}>
        <h2>{t().chat.people}</h2>
        {canChange && (
          <IconButton label={t().chat.addPeople} onClick={() => (shown.value = 'add')}>
            <UserPlus size={18} aria-hidden />
          </IconButton>
        )}
        <IconButton label={t().app.close} onClick={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      <div class={css.lists}>
        <Section title={t().chat.here} users={here} onRemove={onRemove} />
        <Section title={t().chat.away} users={away} onRemove={onRemove} />
        {more.value && <Button onClick={more.value}>{t().chat.more}</Button>}
      </div>
      <Button kind="quiet" onClick={() => (shown.value = 'status')}>
        {t().chat.setStatus}
      </Button>
      {shown.value === 'add' && (
        <AddPeople group={group} members={members.value.map(({ id }) => id)} onClose={() => (shown.value = null)} />
      )}
      {shown.value === 'status' && <StatusDialog onClose={() => (shown.value = null)} />}
      {user && (
        <Confirm
          title={t().chat.removeMemberTitle(nameOf(user))}
          text={t().chat.removeMemberText}
          action={t().chat.removeMember(nameOf(user))}
          onYes={() => void remove(user).catch(complain)}
          onClose={() => (leaving.value = null)}
        />
      )}
    </aside>
  );
}

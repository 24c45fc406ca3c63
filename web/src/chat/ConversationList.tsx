// SPDX-License-Identifier: MIT
//
// ConversationList - the groups one is in, by kind, with what waits in each.
import { useComputed, useSignal } from '@preact/signals';
import { Bell, Plus } from 'lucide-preact';
import { Link, useLocation, useRoute } from 'wouter-preact';
import { language, number, t } from '../i18n/i18n';
import { GROUP_KIND_WORDS, type GroupKind } from '../lib/protocol';
import { IconButton } from '../ui/Button';
import { lazy } from '../ui/lazy';
import { isForUs, takeDrop } from './compose/paste';
import css from './ConversationList.module.css';
import { GroupIcon } from './GroupIcon';
import { groupName } from './groupName';
import { groupIds, hasGroups, peekRoom, roomOf, unreadOf } from './state/groups';
import { calls, notifications } from './state/notifications';
import './share';
import './state/sender';
import './state/told';

const NewGroup = lazy(() => import('./panels/NewGroup').then((m) => m.NewGroup));
const NotificationsDialog = lazy(() => import('./panels/NotificationsDialog').then((m) => m.NotificationsDialog));

/** What waits in a group: how often one is called, in rubric, or how much is unread. */
function Badge({ unread, called }: { unread: number; called: number }) {
  if (unread === 0 && called === 0) return null;
  return (
    <>
      <span class={called > 0 ? css.called : css.unread} aria-hidden="true">
        {number(called > 0 ? called : unread)}
      </span>
      <span class="spoken">{called > 0 ? t().chat.calls(called) : t().chat.unread(unread)}</span>
    </>
  );
}

function Conversation({ id }: { id: string }) {
  const [isHere] = useRoute(`/g/${id}/:seq?`);
  const [, go] = useLocation();
  const isOver = useSignal(false);
  const room = roomOf(id);
  if (!room) return null;
  const unread = unreadOf(room);
  const called = calls.value.get(id) ?? 0;
  return (
    <li>
      <Link
        href={`/g/${id}`}
        class={css.place}
        aria-current={isHere ? 'page' : undefined}
        data-unread={unread > 0 ? true : undefined}
        data-over={isOver.value ? true : undefined}
        onDragOver={(e: DragEvent) => {
          if (!e.dataTransfer || !isForUs(e.dataTransfer)) return;
          e.preventDefault();
          isOver.value = true;
        }}
        onDragLeave={() => (isOver.value = false)}
        onDrop={(e: DragEvent) => {
          isOver.value = false;
          if (!e.dataTransfer || !isForUs(e.dataTransfer)) return;
          e.preventDefault();
          takeDrop(e.dataTransfer, id);
          go(`/g/${id}`);
        }}
      >
        <span class={css.sign}>
          <GroupIcon group={room.group} />
        </span>
        <bdi class="line">{groupName(room.group)}</bdi>
        <Badge unread={unread} called={called} />
      </Link>
    </li>
  );
}

/** Ids of one kind by name, lobby first. A list of its own, so that a new message does not sort anew. */
function useSorted(kind: GroupKind) {
  return useComputed(() => {
    const named = groupIds.value
      .map((id) => peekRoom(id)?.group)
      .filter((group) => group?.kind === kind)
      .map((group) => ({
        id: group?.id ?? '',
        name: group ? groupName(group) : '',
        isFirst: group?.creatorId === null,
      }));
    named.sort(
      (a, b) =>
        Number(b.isFirst) - Number(a.isFirst) || a.name.localeCompare(b.name, language.value) || (a.id < b.id ? -1 : 1),
    );
    return named.map(({ id }) => id);
  });
}

function Kind({ kind }: { kind: GroupKind }) {
  const ids = useSorted(kind).value;
  if (ids.length === 0) return null;
  return (
    <section aria-label={t().chat.kinds[kind]}>
      <h3 class={css.kind}>{t().chat.kinds[kind]}</h3>
      <ul class={css.list}>
        {ids.map((id) => (
          <Conversation key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}

export function ConversationList() {
  const shown = useSignal<'new' | 'bell' | null>(null);
  const close = () => (shown.value = null);
  const waiting = notifications.value.length;
  return (
    <div class={css.side}>
      <div class={css.head}>
        <h2>{t().chat.conversations}</h2>
        <IconButton
          label={waiting > 0 ? `${t().chat.notifications} (${number(waiting)})` : t().chat.notifications}
          onClick={() => (shown.value = 'bell')}
        >
          <Bell size={18} aria-hidden />
          {waiting > 0 && <i class={css.dot} />}
        </IconButton>
        <IconButton label={t().chat.newGroup} onClick={() => (shown.value = 'new')}>
          <Plus size={18} aria-hidden />
        </IconButton>
      </div>
      <nav class={css.groups} aria-label={t().chat.conversations} aria-busy={!hasGroups.value}>
        {GROUP_KIND_WORDS.map((kind) => (
          <Kind key={kind} kind={kind} />
        ))}
      </nav>
      {shown.value === 'new' && <NewGroup onClose={close} />}
      {shown.value === 'bell' && <NotificationsDialog onClose={close} />}
    </div>
  );
}

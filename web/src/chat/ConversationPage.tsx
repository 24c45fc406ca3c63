// SPDX-License-Identifier: MIT
//
// ConversationPage - a conversation: its messages, where one writes, and who is in it.
import { useSignal } from '@preact/signals';
import { LogOut, Users } from 'lucide-preact';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { t } from '../i18n/i18n';
import { Button, IconButton } from '../ui/Button';
import { Confirm } from '../ui/Dialog';
import { lazy } from '../ui/lazy';
import { complain } from '../ui/notices';
import { PageHead } from '../ui/PageHead';
import { Waiting } from '../ui/Waiting';
import { Announcer } from './Announcer';
import { Composer } from './compose/Composer';
import { DropZone } from './compose/DropZone';
import css from './ConversationPage.module.css';
import { groupName, otherOf } from './groupName';
import { Asked } from './messages/Asked';
import { MessageList } from './messages/MessageList';
import { NotMember } from './NotMember';
import { leaveGroup } from './state/actions';
import { isPanelOpen, isWelcomed } from './state/choices';
import { resetFocus } from './state/focus';
import { hasGroups, peekRoom, type Room, roomOf, unreadOf } from './state/groups';
import { conversationOf, isStuck, load } from './state/history';
import { openGroup } from './state/reading';
import { Typing } from './Typing';

const MembersPanel = lazy(() => import('./panels/MembersPanel').then((m) => m.MembersPanel));

const AROUND = 25; // messages

/** Where one begins: at the message of the address, at the first unread one, or (0) at the end. */
function startOf(room: Room, target: number | null): { start: number; newFrom: number | null } {
  const unread = unreadOf(room);
  // Who has never read here begins at the end, not at the beginning of time.
  const newFrom = unread > 0 && room.readSeq > 0 ? room.readSeq + 1 : null;
  return { start: target ?? newFrom ?? 0, newFrom };
}

function Head({ room }: { room: Room }) {
  const { group } = room;
  const [, go] = useLocation();
  const isLeaving = useSignal(false);
  const other = otherOf(group);
  const about = group.kind === 'direct' ? (other?.statusText ?? '') : t().chat.membersCount(group.memberCount);
  const canLeave = group.kind !== 'direct' && group.creatorId !== null;
  return (
    <PageHead title={groupName(group)} about={about}>
      {canLeave && (
        <IconButton label={t().chat.leave} onClick={() => (isLeaving.value = true)}>
          <LogOut size={18} aria-hidden />
        </IconButton>
      )}
      <IconButton
        label={isPanelOpen.value ? t().chat.hidePeople : t().chat.showPeople}
        pressed={isPanelOpen.value}
        onClick={() => (isPanelOpen.value = !isPanelOpen.value)}
      >
        <Users size={18} aria-hidden />
      </IconButton>
      {isLeaving.value && (
        <Confirm
          title={t().chat.leaveTitle(groupName(group))}
          text={group.kind === 'private' ? `${t().chat.leaveText} ${t().chat.leavePrivate}` : t().chat.leaveText}
          action={t().chat.leave}
          onYes={() => void leaveGroup(group.id).then(() => go('/'), complain)}
          onClose={() => (isLeaving.value = false)}
        />
      )}
    </PageHead>
  );
}

function Welcome() {
  if (isWelcomed.value) return null;
  return (
    <div class={css.welcome}>
      <p>{t().chat.welcome}</p>
      <Button onClick={() => isWelcomed.set(true)}>{t().chat.dismiss}</Button>
    </div>
  );
}

function Messages({ room, target }: { room: Room; target: number | null }) {
  const { id, lastSeq } = room.group;
  const c = useMemo(() => conversationOf(id), [id]);
  const begin = useMemo(() => startOf(room, target), []);
  const isReady = useSignal(lastSeq === 0);
  useEffect(() => {
    const at = Math.min(begin.start === 0 ? lastSeq : begin.start, lastSeq);
    if (at > 0) void load(c, at - AROUND, Math.min(at + AROUND, lastSeq)).then(() => (isReady.value = true));
  }, []);
  if (!isReady.value) {
    return (
      <div class={css.coming}>
        <Waiting />
      </div>
    );
  }
  const known = target === null ? null : Math.min(Math.max(1, target), lastSeq);
  return <MessageList conversation={c} room={room} name={groupName(room.group)} target={known} {...begin} />;
}

function Conversation({ room, seq }: { room: Room; seq: number | null }) {
  const { group } = room;
  const c = useMemo(() => conversationOf(group.id), [group.id]);
  useEffect(() => {
    resetFocus();
    openGroup.value = group.id;
    return () => {
      if (openGroup.peek() === group.id) openGroup.value = null;
    };
  }, []);
  const isEmpty = group.lastSeq === 0;
  return (
    <DropZone groupId={group.id}>
      <Head room={room} />
      <div class={css.middle}>
        <div class={css.talk}>
          {group.creatorId === null && <Welcome />}
          {isEmpty && <p class={css.empty}>{t().chat.none}</p>}
          <Messages room={room} target={seq} />
          <div>
            {isStuck.value ? <p class={css.stuck}>{t().chat.stuck}</p> : <Typing groupId={group.id} />}
            <Composer group={group} conversation={c} />
          </div>
        </div>
        {isPanelOpen.value && <MembersPanel group={group} onClose={() => (isPanelOpen.value = false)} />}
      </div>
      <Announcer groupId={group.id} />
      <Asked />
    </DropZone>
  );
}

export function ConversationPage({ groupId, seq }: { groupId: string; seq: number | null }) {
  const room = roomOf(groupId);
  const isValid = seq !== null && Number.isSafeInteger(seq) && seq > 0 && (peekRoom(groupId)?.group.lastSeq ?? 0) > 0;
  if (room) return <Conversation room={room} seq={isValid ? seq : null} />;
  return hasGroups.value ? <NotMember groupId={groupId} /> : <Waiting />;
}

// SPDX-License-Identifier: MIT
//
// Row - a message in its place in the list. Drawn again only when it has changed, or what stands above it.
import { useMemo } from 'preact/hooks';
import { day, moment, t, time } from '../../i18n/i18n';
import { myId, nameOf, person } from '../../lib/people';
import type { Message } from '../../lib/protocol';
import { Avatar } from '../../ui/Avatar';
import { Attached } from '../media/Attached';
import { active, editing } from '../state/focus';
import { MessageText } from '../text/Text';
import { Actions } from './Actions';
import { EditBox } from './EditBox';
import css from './Row.module.css';
import { Reactions } from './Reactions';
import { ReplyPreview } from './ReplyPreview';
import { placeOf } from './rows';

interface Props {
  message: Message | undefined;
  before: Message | undefined;
  seq: number;
  lastSeq: number;
  isTarget: boolean;
  isFirstNew: boolean;
}

export function Row({ message, before, seq, lastSeq, isTarget, isFirstNew }: Props) {
  const isLast = seq === lastSeq;
  return useMemo(
    () =>
      message ? (
        <MessageRow {...{ message, before, seq, isLast, isTarget, isFirstNew }} />
      ) : (
        <div class={css.blank} aria-hidden="true" />
      ),
    [message, before, isLast, isTarget, isFirstNew],
  );
}

export function Head({ userId, timestamp }: { userId: string; timestamp: string }) {
  const user = person(userId);
  return (
    <header class={css.head}>
      <a href={`#/u/${userId}`} class={css.author}>
        <bdi>{nameOf(user)}</bdi>
      </a>
      <time dateTime={timestamp} title={moment(timestamp)} class={css.time}>
        {time(timestamp)}
      </time>
    </header>
  );
}

/** The author's picture, or for a message that stands below another of theirs the time when one points at it. */
export function Gutter({ userId, timestamp, isHead }: { userId: string; timestamp: string; isHead: boolean }) {
  if (isHead) return <Avatar user={person(userId)} />;
  return (
    <time dateTime={timestamp} title={moment(timestamp)} class={css.aside}>
      {time(timestamp)}
    </time>
  );
}

function Body({ message }: { message: Message }) {
  if (message.deletedAt !== null) return <p class={css.gone}>{t().chat.deleted}</p>;
  if (editing.value === message.messageId) return <EditBox message={message} />;
  // What was sent without words has the name of what it carries for its text.
  const isNamed = message.message === (message.files[0]?.fileName ?? message.tracks[0]?.title);
  return (
    <>
      {!isNamed && <MessageText message={message} />}
      {message.editedAt !== null && (
        <small class={css.edited} title={t().chat.editedAt(moment(message.editedAt))}>
          {t().chat.edited}
        </small>
      )}
      <Attached files={message.files} tracks={message.tracks} />
      <Reactions message={message} />
    </>
  );
}

function MessageRow({
  message,
  before,
  seq,
  isLast,
  isTarget,
  isFirstNew,
}: Omit<Props, 'lastSeq' | 'message'> & { message: Message; isLast: boolean }) {
  const { userId, timestamp, replyTo } = message;
  const { isHead, isNewDay } = placeOf(message, before);
  const isActive = active.value === seq;
  const isTabStop = isActive || (active.value === null && isLast);
  const isMine = userId === myId.value;
  const classes = [css.row, isHead && css.headed, isTarget && css.target, isActive && css.active];
  return (
    <>
      {(isNewDay || seq === 1) && (
        <p class={css.day}>
          <span>{day(timestamp)}</span>
        </p>
      )}
      {isFirstNew && (
        <p class={css.new} role="separator">
          <span>{t().chat.newMessages}</span>
        </p>
      )}
      <article
        class={classes.filter(Boolean).join(' ')}
        tabIndex={isTabStop ? 0 : -1}
        data-seq={seq}
        data-mine={isMine ? true : undefined}
        aria-label={t().chat.by(nameOf(person(userId)), time(timestamp))}
        onFocusCapture={() => (active.value = seq)}
        onPointerEnter={() => (active.value = seq)}
      >
        <div class={css.gutter}>
          <Gutter userId={userId} timestamp={timestamp} isHead={isHead} />
        </div>
        <div class={css.body}>
          {replyTo !== null && <ReplyPreview message={message} replyTo={replyTo} />}
          {isHead && <Head userId={userId} timestamp={timestamp} />}
          <Body message={message} />
        </div>
        {isActive && message.deletedAt === null && <Actions message={message} />}
      </article>
    </>
  );
}

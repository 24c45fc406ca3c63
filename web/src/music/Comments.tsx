// SPDX-License-Identifier: MIT
//
// Comments - what people say of a track; a moment of it is a link that plays from there.
import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { clock, date, moment, t } from '../i18n/i18n';
import { nameOf, person } from '../lib/people';
import { type Comment, MAX_PUBLISH_COMMENT_TEXT, type Track } from '../lib/protocol';
import { tame } from '../lib/tame';
import { playAt, playing, position } from '../player/state';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Check } from '../ui/Choice';
import { TextArea } from '../ui/Field';
import { Form } from '../ui/Form';
import { useDoing } from '../ui/useDoing';
import css from './Comments.module.css';
import type { OpenTrack } from './track';

export function MomentLink({ track, atMs }: { track: Track; atMs: number }) {
  return (
    <a
      class={css.moment}
      href={`#/music/t/${track.id}/${atMs}`}
      title={t().music.playFrom(clock(atMs))}
      onClick={(e) => {
        if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
        e.preventDefault();
        playAt(track, atMs);
      }}
    >
      {clock(atMs)}
    </a>
  );
}

function Said({ comment, track }: { comment: Comment; track: Track }) {
  const user = person(comment.userId);
  return (
    <li class={css.comment}>
      <Avatar user={user} />
      <div class={css.body}>
        <p class={css.head}>
          <Link href={`/u/${comment.userId}`}>{nameOf(user)}</Link>
          {comment.positionMs !== null && <MomentLink track={track} atMs={comment.positionMs} />}
          <time dateTime={comment.timestamp} title={moment(comment.timestamp)}>
            {date(comment.timestamp)}
          </time>
        </p>
        <p class={css.text}>{tame(comment.text)}</p>
      </div>
    </li>
  );
}

function Say({ open, track }: { open: OpenTrack; track: Track }) {
  const words = t().music;
  const text = useSignal('');
  const isPinned = useSignal(true);
  const [isBusy, run] = useDoing();
  const stamp = useSignal<number | null>(null); // the moment at which one began to write
  const isCurrent = playing.value?.id === track.id;
  const at = stamp.value ?? (isCurrent ? position.value : 0);

  async function send() {
    if (text.value.trim() === '') return;
    await open.comment(text.value.trim(), isCurrent && isPinned.value ? at : null);
    text.value = '';
    stamp.value = null;
  }
  return (
    <Form class={css.say} onSubmit={() => run(send)}>
      <TextArea
        label={words.comment}
        rows={2}
        maxLength={MAX_PUBLISH_COMMENT_TEXT}
        value={text.value}
        onValue={(value) => {
          if (stamp.value === null && isCurrent) stamp.value = position.peek();
          if (value === '') stamp.value = null;
          text.value = value;
        }}
      />
      <div class={css.foot}>
        {isCurrent && (
          <div class={css.pin}>
            <Check
              label={words.atMoment(clock(at))}
              checked={isPinned.value}
              onChecked={(isOn) => (isPinned.value = isOn)}
            />
          </div>
        )}
        <Button type="submit" kind="main" busy={isBusy} disabled={text.value.trim() === ''}>
          {words.sendComment}
        </Button>
      </div>
    </Form>
  );
}

export function Comments({ open, track }: { open: OpenTrack; track: Track }) {
  const words = t().music;
  const comments = open.comments.value;
  const [newest] = comments;
  const [first] = useState(newest?.id);
  return (
    <section class={css.comments} aria-labelledby="comments-head">
      <h2 id="comments-head">{words.comments(track.commentCount)}</h2>
      <Say open={open} track={track} />
      {comments.length === 0 && <p class="soft">{words.noComments}</p>}
      <p class="spoken" role="status">
        {newest && newest.id !== first && `${nameOf(person(newest.userId))}: ${tame(newest.text)}`}
      </p>
      <ol class={css.list}>
        {comments.map((comment) => (
          <Said key={comment.id} comment={comment} track={track} />
        ))}
      </ol>
      {open.hasMore.value && <Button onClick={() => void open.more()}>{words.moreComments}</Button>}
    </section>
  );
}

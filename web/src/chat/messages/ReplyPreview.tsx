// SPDX-License-Identifier: MIT
//
// ReplyPreview - the beginning of the message that another one answers, as a way to it. Fetched when it is not there.
import { useSignal } from '@preact/signals';
import { CornerUpRight } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/i18n';
import { nameOf, person } from '../../lib/people';
import type { Message } from '../../lib/protocol';
import { findMessage, keptConversation } from '../state/history';
import { messageById } from '../state/messages';
import { inLine } from './inLine';
import css from './ReplyPreview.module.css';

export function ReplyPreview({ message, replyTo }: { message: Message; replyTo: string }) {
  const { groupId, seq } = message;
  const fetched = useSignal<Message | null>(null);
  const isGone = useSignal(false);
  const c = keptConversation(groupId);
  const found = (c && messageById(c, replyTo)) ?? fetched.value;
  useEffect(() => {
    if (found) return;
    findMessage(groupId, replyTo, seq).then(
      (other) => {
        fetched.value = other;
        isGone.value = other === null;
      },
      () => undefined,
    );
  }, [replyTo]);
  if (isGone.value) return <p class={css.reply}>{t().chat.answersGone}</p>;
  if (!found) return <p class={css.reply}>…</p>;
  const name = nameOf(person(found.userId));
  return (
    <a href={`#/g/${groupId}/${found.seq}`} class={css.reply}>
      <CornerUpRight size={14} aria-hidden />
      <span class="spoken">{t().chat.answers(name)}</span>
      <b aria-hidden="true">
        <bdi>{name}</bdi>
      </b>
      <bdi class="line">{found.deletedAt === null ? inLine(found.message) : t().chat.deleted}</bdi>
    </a>
  );
}

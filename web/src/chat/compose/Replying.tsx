// SPDX-License-Identifier: MIT
//
// Replying - which message the next one answers.
import { X } from 'lucide-preact';
import { t } from '../../i18n/i18n';
import { nameOf, person } from '../../lib/people';
import type { Group } from '../../lib/protocol';
import { IconButton } from '../../ui/Button';
import { inLine } from '../messages/inLine';
import { answering } from '../state/focus';
import { keptConversation } from '../state/history';
import { messageById } from '../state/messages';
import css from './Replying.module.css';

export function Replying({ group }: { group: Group }) {
  const id = answering.value;
  if (id === null) return null;
  const c = keptConversation(group.id);
  const found = c && messageById(c, id);
  return (
    <div class={css.replying}>
      <p class="line">
        <b>
          <bdi>{t().chat.replyingTo(found ? nameOf(person(found.userId)) : '…')}</bdi>
        </b>{' '}
        <bdi class="soft">{found ? inLine(found.message) : ''}</bdi>
      </p>
      <IconButton label={t().chat.stopReply} onClick={() => (answering.value = null)}>
        <X size={17} aria-hidden />
      </IconButton>
    </div>
  );
}

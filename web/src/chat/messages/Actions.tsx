// SPDX-License-Identifier: MIT
//
// Actions - what can be done with a message: a small bar at the one that has the focus or the pointer.
import { Link2, Pencil, Reply, SmilePlus, Trash2 } from 'lucide-preact';
import { t } from '../../i18n/i18n';
import { me } from '../../lib/people';
import type { Message } from '../../lib/protocol';
import { IconButton } from '../../ui/Button';
import { complain, notify } from '../../ui/notices';
import { toggleReaction } from '../state/actions';
import { answering, asked, composer, editing } from '../state/focus';
import css from './Actions.module.css';

const QUICK = ['👍', '❤️', '😄'];

async function copyLink({ groupId, seq }: Message): Promise<void> {
  const hash = `#/g/${groupId}/${seq}`;
  try {
    await navigator.clipboard.writeText(new URL(hash, location.href).href);
    notify(t().chat.linkCopied);
  } catch {
    // Not there by plain HTTP, or not allowed.
    location.hash = hash;
    notify(t().chat.linkNotCopied);
  }
}

function answer({ messageId }: Message): void {
  answering.value = messageId;
  composer.focus();
}

export function Actions({ message }: { message: Message }) {
  const texts = t().chat;
  const isMine = message.userId === me.value?.id;
  const isModerator = me.value?.role === 'moderator' || me.value?.role === 'admin';
  return (
    <div class={css.bar} role="toolbar" aria-label={texts.actions}>
      {QUICK.map((emoji) => (
        <IconButton
          key={emoji}
          label={`${texts.react} ${emoji}`}
          onClick={() => void toggleReaction(message, emoji).catch(complain)}
        >
          <span aria-hidden="true">{emoji}</span>
        </IconButton>
      ))}
      <IconButton label={texts.react} onClick={() => (asked.value = { what: 'react', message })}>
        <SmilePlus size={17} aria-hidden />
      </IconButton>
      <IconButton label={texts.reply} onClick={() => answer(message)}>
        <Reply size={17} aria-hidden />
      </IconButton>
      <IconButton label={texts.copyLink} onClick={() => void copyLink(message)}>
        <Link2 size={17} aria-hidden />
      </IconButton>
      {isMine && (
        <IconButton label={texts.edit} onClick={() => (editing.value = message.messageId)}>
          <Pencil size={17} aria-hidden />
        </IconButton>
      )}
      {(isMine || isModerator) && (
        <IconButton label={texts.remove} onClick={() => (asked.value = { what: 'delete', message })}>
          <Trash2 size={17} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

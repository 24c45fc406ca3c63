// SPDX-License-Identifier: MIT
//
// Reactions - those a message has, each a button that gives the same or takes one's own back.
import { number, t } from '../../i18n/i18n';
import { myId, nameOf, person } from '../../lib/people';
import type { Message, Reaction } from '../../lib/protocol';
import { complain } from '../../ui/notices';
import { toggleReaction } from '../state/actions';
import { reactionText } from '../text/emoji';
import css from './Reactions.module.css';

const NAMED = 8; // people who are named; the others are counted

function Chip({ message, reaction: { reaction, userIds } }: { message: Message; reaction: Reaction }) {
  const shown = reactionText(reaction);
  const rest = userIds.length - NAMED;
  const names = userIds.slice(0, NAMED).map((id) => (id === myId.value ? t().chat.you : nameOf(person(id))));
  const who = rest > 0 ? `${names.join(', ')} ${t().chat.andOthers(rest)}` : names.join(', ');
  const label = t().chat.reactedBy(shown, who);
  return (
    <button
      type="button"
      class={css.chip}
      aria-pressed={userIds.includes(myId.value)}
      title={label}
      onClick={() => void toggleReaction(message, reaction).catch(complain)}
    >
      <span class={css.emoji} aria-hidden="true">
        {shown}
      </span>
      {number(userIds.length)} <span class="spoken">{label}</span>
    </button>
  );
}

export function Reactions({ message }: { message: Message }) {
  if (message.reactions.length === 0) return null;
  return (
    <div class={css.chips}>
      {message.reactions.map((one) => (
        <Chip key={one.reaction} message={message} reaction={one} />
      ))}
    </div>
  );
}

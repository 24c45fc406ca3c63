// SPDX-License-Identifier: MIT
//
// EmojiPicker - all emoji, to be found by name.
import { useSignal } from '@preact/signals';
import { t } from '../../i18n/i18n';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { findEmoji, type NamedEmoji } from '../text/emoji';
import css from './EmojiPicker.module.css';

const MOST = 160;

/** An emoji with several names stands there once. */
function once(found: readonly NamedEmoji[]): NamedEmoji[] {
  return [...new Map(found.map((one) => [one.emoji, one])).values()];
}

export function EmojiPicker({ onClose, onChoose }: { onClose: () => void; onChoose: (chosen: NamedEmoji) => void }) {
  const query = useSignal('');
  const part = query.value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s:]+/g, '_');
  const found = once(findEmoji(part, MOST));
  return (
    <Dialog title={t().chat.emojiTitle} onClose={onClose}>
      <Field
        label={t().chat.findEmoji}
        type="search"
        autoFocus
        value={query.value}
        onValue={(value) => (query.value = value)}
      />
      <ul class={css.grid}>
        {found.map((one) => (
          <li key={one.emoji}>
            <button
              type="button"
              class={css.one}
              title={one.name.replaceAll('_', ' ')}
              aria-label={one.name.replaceAll('_', ' ')}
              onClick={() => {
                onClose();
                onChoose(one);
              }}
            >
              {one.emoji}
            </button>
          </li>
        ))}
      </ul>
      <p class="soft" role="status">
        {found.length === 0 && part !== '' && t().chat.noEmoji}
      </p>
    </Dialog>
  );
}

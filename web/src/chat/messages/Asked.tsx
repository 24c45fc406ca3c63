// SPDX-License-Identifier: MIT
//
// Asked - the dialog that is open for a message: whether to delete it, or which reaction to give.
import { t } from '../../i18n/i18n';
import { Confirm } from '../../ui/Dialog';
import { lazy } from '../../ui/lazy';
import { complain } from '../../ui/notices';
import { deleteMessage, toggleReaction } from '../state/actions';
import { asked } from '../state/focus';

const EmojiPicker = lazy(() => import('../panels/EmojiPicker').then((m) => m.EmojiPicker));

export function Asked() {
  const now = asked.value;
  if (!now) return null;
  const { what, message } = now;
  const close = () => (asked.value = null);
  if (what === 'react') {
    return (
      <EmojiPicker onClose={close} onChoose={({ emoji }) => void toggleReaction(message, emoji).catch(complain)} />
    );
  }
  return (
    <Confirm
      title={t().chat.removeTitle}
      text={t().chat.removeText}
      action={t().chat.remove}
      onYes={() => void deleteMessage(message).catch(complain)}
      onClose={close}
    />
  );
}

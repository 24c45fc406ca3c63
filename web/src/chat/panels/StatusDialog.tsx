// SPDX-License-Identifier: MIT
//
// StatusDialog - how one is shown to the others, and what one does.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { t } from '../../i18n/i18n';
import { request } from '../../lib/connection';
import { learn, me } from '../../lib/people';
import { MAX_USER_STATUS_CHANGED_STATUS_TEXT as MOST, type Status } from '../../lib/protocol';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { complain } from '../../ui/notices';
import css from './NewGroup.module.css';

const ORDER: readonly Status[] = ['online', 'away', 'busy', 'offline'];

export function StatusDialog({ onClose }: { onClose: () => void }) {
  const radios = useId();
  const status = useSignal<Status>(me.peek()?.status ?? 'online');
  const text = useSignal(me.peek()?.statusText ?? '');
  const isBusy = useSignal(false);
  const save = async () => {
    isBusy.value = true;
    try {
      const [newStatus, statusText] = [status.value, text.value.trim()];
      await request('chat', 'USER_STATUS_CHANGED', { newStatus, statusText });
      const user = me.peek();
      if (user) learn({ ...user, status: newStatus, statusText });
      onClose();
    } catch (error) {
      complain(error);
      isBusy.value = false;
    }
  };
  return (
    <Dialog title={t().chat.setStatus} onClose={onClose}>
      <form
        class={css.form}
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <fieldset class={css.kinds}>
          <legend class="spoken">{t().chat.status}</legend>
          {ORDER.map((one) => (
            <label key={one} class={css.kind}>
              <input type="radio" name={radios} checked={status.value === one} onChange={() => (status.value = one)} />
              {t().app.status[one]}
            </label>
          ))}
        </fieldset>
        <Field
          label={t().chat.statusText}
          maxLength={MOST}
          value={text.value}
          onValue={(value) => (text.value = value)}
        />
        <Button kind="main" type="submit" busy={isBusy.value}>
          {t().app.save}
        </Button>
      </form>
    </Dialog>
  );
}

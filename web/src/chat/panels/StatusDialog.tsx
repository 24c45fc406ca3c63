// SPDX-License-Identifier: MIT
//
// StatusDialog - how one is shown to the others, and what one does.
import { useSignal } from '@preact/signals';
import { t } from '../../i18n/i18n';
import { changeStatus, me } from '../../lib/people';
import { MAX_USER_STATUS_CHANGED_STATUS_TEXT as MOST, type Status } from '../../lib/protocol';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { useDoing } from '../../ui/useDoing';
import css from './NewGroup.module.css';

const ORDER: readonly Status[] = ['online', 'away', 'busy', 'offline'];

export function StatusDialog({ onClose }: { onClose: () => void }) {
  const status = useSignal<Status>(me.peek()?.status ?? 'online');
  const text = useSignal(me.peek()?.statusText ?? '');
  const [isBusy, run] = useDoing();
  const save = async () => {
    await changeStatus(status.value, text.value.trim());
    onClose();
  };
  return (
    <Dialog title={t().chat.setStatus} onClose={onClose}>
      <Form class={css.form} onSubmit={() => run(save)}>
        <Choice
          label={t().chat.status}
          options={ORDER.map((one) => [one, t().app.status[one]] as const)}
          value={status.value}
          onValue={(one) => (status.value = one)}
        />
        <Field
          label={t().chat.statusText}
          maxLength={MOST}
          value={text.value}
          onValue={(value) => (text.value = value)}
        />
        <Button kind="main" type="submit" busy={isBusy}>
          {t().app.save}
        </Button>
      </Form>
    </Dialog>
  );
}

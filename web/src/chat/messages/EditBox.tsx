// SPDX-License-Identifier: MIT
//
// EditBox - another text for a message of one's own, in its place.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/i18n';
import { MAX_MESSAGE_EDITED_MESSAGE as MOST, type Message } from '../../lib/protocol';
import { Button } from '../../ui/Button';
import { Form } from '../../ui/Form';
import { useDoing } from '../../ui/useDoing';
import { grow } from '../compose/grow';
import { editMessage } from '../state/actions';
import { composer, editing } from '../state/focus';
import css from './EditBox.module.css';

function done(): void {
  editing.value = null;
  composer.focus();
}

export function EditBox({ message }: { message: Message }) {
  const text = useSignal(message.message);
  const [isBusy, run] = useDoing();
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const area = box.current;
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }, []);
  useEffect(() => grow(box.current), [text.value]);
  const save = async () => {
    const wanted = text.value.trim();
    if (wanted === '' || wanted === message.message) {
      done();
      return;
    }
    await editMessage(message, wanted);
    done();
  };
  return (
    <Form class={css.form} onSubmit={() => run(save)}>
      <textarea
        ref={box}
        class={css.area}
        rows={1}
        maxLength={MOST}
        aria-label={t().chat.editing}
        value={text.value}
        onInput={(e) => (text.value = e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.isComposing) return;
          if (e.key === 'Escape') done();
          if (e.key === 'Enter' && !e.shiftKey) {
            e.preventDefault();
            void run(save);
          }
        }}
      />
      <div class={css.foot}>
        <small class="soft">{t().chat.editHint}</small>
        <Button onClick={done}>{t().app.cancel}</Button>
        <Button kind="main" type="submit" busy={isBusy}>
          {t().chat.saveEdit}
        </Button>
      </div>
    </Form>
  );
}

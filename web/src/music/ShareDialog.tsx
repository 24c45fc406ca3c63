// SPDX-License-Identifier: MIT
//
// ShareDialog - sends a track to a conversation.
import { useSignal } from '@preact/signals';
import { t } from '../i18n/i18n';
import { MAX_MESSAGE_SENT_MESSAGE, type Track } from '../lib/protocol';
import { sentenceOf } from '../lib/refused';
import { tame } from '../lib/tame';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Field, TextArea } from '../ui/Field';
import { Form } from '../ui/Form';
import { notify } from '../ui/notices';
import { useDoing } from '../ui/useDoing';
import css from './dialogs.module.css';
import { type Conversation, sharing } from './sharing';

export function ShareDialog({ track, onClose }: { track: Track; onClose: () => void }) {
  const words = t().music;
  const wanted = useSignal('');
  const chosen = useSignal<Conversation | null>(null);
  const text = useSignal(words.trackBy(tame(track.title), tame(track.artist)));
  const problem = useSignal<string | null>(null);
  const [isBusy, run] = useDoing((error) => {
    problem.value = sentenceOf(error);
  });
  const folded = wanted.value.trim().toLocaleLowerCase();
  const found = (sharing()?.conversations() ?? []).filter(({ name }) => name.toLocaleLowerCase().includes(folded));
  async function send() {
    if (!chosen.value || text.value.trim() === '') return;
    await sharing()?.send(chosen.value.groupId, text.value.trim(), [track]);
    notify(words.shared(chosen.value.name));
    onClose();
  }
  return (
    <Dialog title={words.share} onClose={onClose}>
      <Form class={css.form} onSubmit={() => run(send)}>
        <Field
          label={words.conversation}
          type="search"
          value={wanted.value}
          onValue={(value) => {
            wanted.value = value;
          }}
        />
        <fieldset class={css.choices}>
          <legend class="spoken">{words.conversation}</legend>
          {found.length === 0 && <p class="soft">{words.noConversation}</p>}
          {found.map((one) => (
            <label key={one.groupId} class={css.choice}>
              <input
                type="radio"
                name="conversation"
                checked={chosen.value?.groupId === one.groupId}
                onChange={() => {
                  chosen.value = one;
                }}
              />
              <span class="line">{one.name}</span>
            </label>
          ))}
        </fieldset>
        <TextArea
          label={words.message}
          rows={2}
          maxLength={MAX_MESSAGE_SENT_MESSAGE}
          required
          value={text.value}
          onValue={(value) => {
            text.value = value;
          }}
        />
        <p role="alert" class="problem">
          {problem.value}
        </p>
        <footer class={css.foot}>
          <Button onClick={onClose}>{t().app.cancel}</Button>
          <Button type="submit" kind="main" busy={isBusy} disabled={!chosen.value}>
            {words.send}
          </Button>
        </footer>
      </Form>
    </Dialog>
  );
}

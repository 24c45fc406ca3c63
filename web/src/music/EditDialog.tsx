// SPDX-License-Identifier: MIT
//
// EditDialog - the fields of one's own track, changed.
import { useSignal } from '@preact/signals';
import { t } from '../i18n/i18n';
import { echo, request } from '../lib/connection';
import type { Track } from '../lib/protocol';
import { sentenceOf } from '../lib/refused';
import { upload } from '../lib/upload';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Form } from '../ui/Form';
import { notify } from '../ui/notices';
import { useDoing } from '../ui/useDoing';
import { type Draft, draftOf, fieldsOf, isSound } from './draft';
import css from './dialogs.module.css';
import { TrackFields } from './TrackFields';

/** Sends what was changed; a new picture goes before. */
async function save(track: Track, draft: Draft): Promise<void> {
  const { cover } = draft;
  const picture = cover ? await upload({ file: cover, name: 'cover', purpose: 'avatar' }).done : cover;
  const { track: now } = await request('music', 'UPDATE_TRACK', {
    id: track.id,
    ...fieldsOf(draft),
    ...(picture !== undefined && { coverUploadId: picture }),
  });
  echo('music', 'UPDATE_TRACK', now);
}

export function EditDialog({ track, onClose }: { track: Track; onClose: () => void }) {
  const words = t().music;
  const draft = useSignal(draftOf(track));
  const isTried = useSignal(false);
  const problem = useSignal<string | null>(null);
  const [isBusy, run] = useDoing((error) => {
    problem.value = sentenceOf(error);
  });
  async function send() {
    isTried.value = true;
    if (!isSound(draft.value)) return;
    await save(track, draft.value);
    notify(words.saved);
    onClose();
  }
  return (
    <Dialog title={words.edit} onClose={onClose} wide>
      <Form class={css.form} noValidate onSubmit={() => run(send)}>
        <TrackFields
          draft={draft.value}
          track={track}
          isTried={isTried.value}
          onChange={(fields) => {
            draft.value = { ...draft.value, ...fields };
          }}
        />
        <p role="alert" class="problem">
          {problem.value}
        </p>
        <footer class={css.foot}>
          <Button onClick={onClose}>{t().app.cancel}</Button>
          <Button type="submit" kind="main" busy={isBusy}>
            {t().app.save}
          </Button>
        </footer>
      </Form>
    </Dialog>
  );
}

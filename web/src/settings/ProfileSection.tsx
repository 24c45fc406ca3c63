// SPDX-License-Identifier: MIT
import { useState } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { changeStatus, me } from '../lib/people';
import {
  MAX_USER_STATUS_CHANGED_STATUS_TEXT,
  MAX_USER_UPDATE_BIO,
  MAX_USER_UPDATE_DISPLAY_NAME,
  type Status,
} from '../lib/protocol';
import { sentenceOf } from '../lib/refused';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Select } from '../ui/Choice';
import { Field, TextArea } from '../ui/Field';
import { FileButton } from '../ui/FileButton';
import { Form } from '../ui/Form';
import { complain, notify } from '../ui/notices';
import { useDoing } from '../ui/useDoing';
import { changePicture, changeProfile } from './account';
import { NoPicture, squareOf } from './picture';
import css from './settings.module.css';

function Picture() {
  const text = t().settings;
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, run] = useDoing((error) =>
    setProblem(error instanceof NoPicture ? text.noPicture : sentenceOf(error)),
  );
  const change = (how: () => Promise<void>) => {
    setProblem(null);
    return run(how);
  };
  return (
    <div class={css.group}>
      <div class={css.row}>
        <Avatar user={me.value} size="l" />
        <FileButton
          class={css.file}
          accept="image/*"
          disabled={isBusy}
          onFiles={([file]) => file && void change(async () => changePicture(await squareOf(file)))}
        >
          {text.choosePicture}
        </FileButton>
        {me.value?.avatarUrl != null && (
          <Button kind="quiet" busy={isBusy} onClick={() => void change(() => changeProfile({ avatarUploadId: null }))}>
            {text.removePicture}
          </Button>
        )}
      </div>
      <p role="alert" class="problem">
        {problem}
      </p>
    </div>
  );
}

function StatusForm() {
  const text = t().settings;
  const names = t().app.status;
  const [status, setStatus] = useState<Status>(me.value?.status ?? 'online');
  const [words, setWords] = useState(me.value?.statusText ?? '');
  const submit = () => changeStatus(status, words.trim()).then(() => notify(text.saved), complain);
  return (
    <Form class={css.group} onSubmit={submit}>
      <Select
        label={text.status}
        options={(['online', 'away', 'busy', 'offline'] as const).map((name) => [name, names[name]] as const)}
        value={status}
        onValue={setStatus}
      />
      <Field label={text.statusText} maxLength={MAX_USER_STATUS_CHANGED_STATUS_TEXT} value={words} onValue={setWords} />
      <div>
        <Button type="submit">{t().app.save}</Button>
      </div>
    </Form>
  );
}

function Words() {
  const text = t().settings;
  const [displayName, setDisplayName] = useState(me.value?.displayName ?? '');
  const [bio, setBio] = useState(me.value?.bio ?? '');
  const submit = () =>
    changeProfile({ displayName: displayName.trim(), bio: bio.trim() }).then(() => notify(text.saved), complain);
  return (
    <Form class={css.group} onSubmit={submit}>
      <Field
        label={text.displayName}
        hint={text.displayNameHint}
        maxLength={MAX_USER_UPDATE_DISPLAY_NAME}
        autoComplete="nickname"
        value={displayName}
        onValue={setDisplayName}
      />
      <TextArea label={text.bio} maxLength={MAX_USER_UPDATE_BIO} value={bio} onValue={setBio} />
      <div>
        <Button kind="main" type="submit">
          {t().app.save}
        </Button>
      </div>
    </Form>
  );
}

export function ProfileSection() {
  return (
    <>
      <Picture />
      <Words />
      <StatusForm />
    </>
  );
}

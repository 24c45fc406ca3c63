// SPDX-License-Identifier: MIT
import { useEffect, useState } from 'preact/hooks';
import { moment, t } from '../i18n/i18n';
import { me } from '../lib/people';
import { MAX_CHANGE_PASSWORD_NEW, MIN_CHANGE_PASSWORD_NEW, type SessionInfo } from '../lib/protocol';
import { sentenceOf } from '../lib/refused';
import { signOut } from '../session/state';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Form } from '../ui/Form';
import { complain, notify } from '../ui/notices';
import { useDoing } from '../ui/useDoing';
import { Waiting } from '../ui/Waiting';
import { changePassword, deviceOf, endSession, loadSessions, sessions } from './account';
import css from './settings.module.css';

function Password() {
  const text = t().settings;
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, run] = useDoing((error) => setProblem(sentenceOf(error, { forbidden: text.passwordWrong })));
  const change = async () => {
    setProblem(null);
    await changePassword(current, next);
    setCurrent('');
    setNext('');
    notify(text.passwordChanged);
    void loadSessions();
  };
  return (
    <Form class={css.group} onSubmit={() => run(change)}>
      <h3>{text.password}</h3>
      <input type="text" hidden autoComplete="username" value={me.value?.username} readOnly />
      <Field
        label={text.passwordNow}
        type="password"
        autoComplete="current-password"
        required
        value={current}
        onValue={setCurrent}
        problem={problem}
      />
      <Field
        label={text.passwordNew}
        hint={text.passwordHint}
        type="password"
        autoComplete="new-password"
        minLength={MIN_CHANGE_PASSWORD_NEW}
        maxLength={MAX_CHANGE_PASSWORD_NEW}
        required
        value={next}
        onValue={setNext}
      />
      <div>
        <Button type="submit" busy={isBusy}>
          {text.passwordChange}
        </Button>
      </div>
    </Form>
  );
}

function Session({ session }: { session: SessionInfo }) {
  const text = t().settings;
  const device = deviceOf(session.about) || text.unknownDevice;
  return (
    <li>
      <div class={css.grow} title={session.about}>
        <b>{device}</b>
        <p class={`soft ${css.facts}`}>{text.usedAt(moment(session.usedAt))}</p>
      </div>
      {session.current ? (
        <span class={css.mark}>{text.thisSession}</span>
      ) : (
        <Button aria-label={text.endOf(device)} onClick={() => void endSession(session.id).catch(complain)}>
          {text.end}
        </Button>
      )}
    </li>
  );
}

function Sessions() {
  const text = t().settings;
  useEffect(() => void loadSessions().catch(complain), []);
  const all = sessions.value;
  const others = all?.filter((one) => !one.current) ?? [];
  const endAll = () => Promise.all(others.map((one) => endSession(one.id))).catch(complain);
  return (
    <div class={css.group}>
      <h3>{text.sessions}</h3>
      <p class="soft">{text.sessionsHint}</p>
      {all === null ? (
        <Waiting />
      ) : (
        <ul class={css.list}>
          {all.map((session) => (
            <Session key={session.id} session={session} />
          ))}
        </ul>
      )}
      {others.length > 1 && (
        <div>
          <Button onClick={() => void endAll()}>{text.endOthers}</Button>
        </div>
      )}
    </div>
  );
}

export function AccountSection() {
  return (
    <>
      <div class={css.row}>
        <p class={css.grow}>{t().settings.signedInAs(me.value?.username ?? '')}</p>
        <Button onClick={() => void signOut()}>{t().session.signOut}</Button>
      </div>
      <Password />
      <Sessions />
    </>
  );
}

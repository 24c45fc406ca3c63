// SPDX-License-Identifier: MIT
//
// SignIn - the page that asks who one is.
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { t } from '../i18n/i18n';
import { sentenceOf } from '../lib/refused';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { useTitle } from '../ui/title';
import { useDoing } from '../ui/useDoing';
import { Door } from './Door';
import { hasExpired, signIn } from './state';

export function SignIn() {
  const text = t().session;
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, run] = useDoing((error) => setProblem(sentenceOf(error, text.refusals.signIn)));
  useTitle(text.signIn);
  const enter = () => {
    setProblem(null);
    return signIn(username.trim(), password);
  };
  return (
    <Door title={text.signIn} about={hasExpired.value ? text.expired : text.welcome} onSubmit={() => run(enter)}>
      <Field
        label={text.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellcheck={false}
        required
        value={username}
        onValue={setUsername}
      />
      <Field
        label={text.password}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onValue={setPassword}
        problem={problem}
      />
      <Button kind="main" type="submit" busy={isBusy}>
        {text.signIn}
      </Button>
      <p>
        {text.noAccount} <Link href="/register">{text.toRegister}</Link>
      </p>
    </Door>
  );
}

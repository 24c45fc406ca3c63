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
import { Door } from './Door';
import { hasExpired, signIn } from './state';

export function SignIn() {
  const text = t().session;
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useTitle(text.signIn);
  const submit = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      await signIn(username.trim(), password);
    } catch (error) {
      setProblem(sentenceOf(error));
      setIsBusy(false);
    }
  };
  return (
    <Door title={text.signIn} about={hasExpired.value ? text.expired : text.welcome} onSubmit={submit}>
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

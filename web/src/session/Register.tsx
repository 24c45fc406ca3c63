// SPDX-License-Identifier: MIT
//
// Register - the page that makes an account: freely, with an invite, or the first one of the server.
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { t } from '../i18n/i18n';
import {
  MAX_REGISTER_ACCOUNT_DISPLAY_NAME,
  MAX_REGISTER_ACCOUNT_INVITE,
  MAX_REGISTER_ACCOUNT_PASSWORD,
  MAX_REGISTER_ACCOUNT_USERNAME,
  MIN_REGISTER_ACCOUNT_PASSWORD,
  MIN_REGISTER_ACCOUNT_USERNAME,
} from '../lib/protocol';
import { Refused, sentenceOf } from '../lib/refused';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { useTitle } from '../ui/title';
import { useDoing } from '../ui/useDoing';
import { Door } from './Door';
import { register } from './state';

export function Register({ code, isAdmin = false }: { code?: string; isAdmin?: boolean }) {
  const text = t().session;
  const [username, setUsername] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const [invite, setInvite] = useState(code ?? '');
  const [problem, setProblem] = useState<{ at: 'username' | 'invite' | 'form'; text: string } | null>(null);
  const [isBusy, run] = useDoing((error) => {
    const refusal = error instanceof Refused ? error.code : 'internal';
    const where = refusal === 'conflict' ? 'username' : refusal === 'forbidden' ? 'invite' : 'form';
    setProblem({ at: where, text: sentenceOf(error, text.refusals.register) });
  });
  useTitle(text.register);
  const at = (field: string) => (problem?.at === field ? problem.text : null);
  const enter = () => {
    setProblem(null);
    return register({
      username: username.trim(),
      password,
      ...(displayName.trim() !== '' && { displayName: displayName.trim() }),
      ...(invite.trim() !== '' && { invite: invite.trim() }),
    });
  };
  return (
    <Door title={text.register} about={isAdmin ? text.firstAdmin : text.welcome} onSubmit={() => run(enter)}>
      <Field
        label={text.username}
        hint={text.usernameHint}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellcheck={false}
        minLength={MIN_REGISTER_ACCOUNT_USERNAME}
        maxLength={MAX_REGISTER_ACCOUNT_USERNAME}
        required
        value={username}
        onValue={setUsername}
        problem={at('username')}
      />
      <Field
        label={text.displayName}
        hint={text.displayNameHint}
        name="name"
        autoComplete="nickname"
        maxLength={MAX_REGISTER_ACCOUNT_DISPLAY_NAME}
        value={displayName}
        onValue={setDisplayName}
      />
      <Field
        label={text.password}
        hint={text.passwordHint}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={MIN_REGISTER_ACCOUNT_PASSWORD}
        maxLength={MAX_REGISTER_ACCOUNT_PASSWORD}
        required
        value={password}
        onValue={setPassword}
      />
      {!isAdmin && (
        <Field
          label={text.invite}
          hint={text.inviteHint}
          name="invite"
          autoComplete="off"
          maxLength={MAX_REGISTER_ACCOUNT_INVITE}
          value={invite}
          onValue={setInvite}
          problem={at('invite')}
        />
      )}
      <p role="alert">{at('form') ?? (isAdmin ? at('invite') : null)}</p>
      <Button kind="main" type="submit" busy={isBusy}>
        {text.register}
      </Button>
      <p>
        {text.haveAccount} <Link href="/sign-in">{text.signIn}</Link>
      </p>
    </Door>
  );
}

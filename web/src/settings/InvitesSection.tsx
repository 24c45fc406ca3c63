// SPDX-License-Identifier: MIT
import { useEffect, useState } from 'preact/hooks';
import { date, t } from '../i18n/i18n';
import type { InviteInfo } from '../lib/protocol';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Form } from '../ui/Form';
import { complain, notify } from '../ui/notices';
import { Waiting } from '../ui/Waiting';
import { deleteInvite, invites, loadInvites, makeInvite } from './admin';
import css from './settings.module.css';

function Invite({ invite }: { invite: InviteInfo }) {
  const text = t().settings;
  const link = location.origin + invite.link;
  // Only where the page came by https, or from this machine, may it write there.
  const clipboard = 'clipboard' in navigator ? navigator.clipboard : null;
  return (
    <li>
      <div class={css.grow}>
        <Field label={text.inviteLink} readOnly value={link} onValue={() => undefined} />
        <p class={`soft ${css.facts}`}>{`${text.usesLeft(invite.usesLeft)}, ${text.until(date(invite.expiresAt))}`}</p>
      </div>
      {clipboard && (
        <Button onClick={() => void clipboard.writeText(link).then(() => notify(text.copied), complain)}>
          {text.copy}
        </Button>
      )}
      <Button kind="quiet" onClick={() => void deleteInvite(invite.id).catch(complain)}>
        {text.takeBack}
      </Button>
    </li>
  );
}

export function InvitesSection() {
  const text = t().settings;
  const [uses, setUses] = useState('1');
  const [days, setDays] = useState('7');
  useEffect(() => void loadInvites().catch(complain), []);
  const submit = () => makeInvite(Number(uses), Number(days)).catch(complain);
  const all = invites.value;
  const number = { type: 'number', inputMode: 'numeric', min: 1, required: true } as const;
  return (
    <>
      <p class="soft">{text.inviteAbout}</p>
      <Form class={css.group} onSubmit={submit}>
        <Field label={text.uses} {...number} max={1000} value={uses} onValue={setUses} />
        <Field label={text.days} {...number} max={365} value={days} onValue={setDays} />
        <div>
          <Button kind="main" type="submit">
            {text.makeInvite}
          </Button>
        </div>
      </Form>
      {all === null && <Waiting />}
      {all?.length === 0 && <p class="soft">{text.noInvites}</p>}
      {all && all.length > 0 && (
        <ul class={css.list}>
          {all.map((invite) => (
            <Invite key={invite.id} invite={invite} />
          ))}
        </ul>
      )}
    </>
  );
}

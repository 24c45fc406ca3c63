// SPDX-License-Identifier: MIT
//
// NewGroup - makes a channel, a private group or a direct conversation.
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { t } from '../../i18n/i18n';
import { GROUP_KIND_WORDS, type GroupKind, MAX_CREATE_GROUP_NAME, type User } from '../../lib/protocol';
import { Refused, sentenceOf } from '../../lib/refused';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Form } from '../../ui/Form';
import { useDoing } from '../../ui/useDoing';
import { createGroup } from '../state/actions';
import css from './NewGroup.module.css';
import { PeopleField } from './PeopleField';

function KindField({ kind, onKind }: { kind: GroupKind; onKind: (kind: GroupKind) => void }) {
  const name = useId();
  return (
    <fieldset class={css.kinds}>
      <legend class="spoken">{t().chat.newGroup}</legend>
      {GROUP_KIND_WORDS.map((one) => (
        <label key={one} class={css.kind}>
          <input type="radio" name={name} value={one} checked={kind === one} onChange={() => onKind(one)} />
          <span>
            <b>{t().chat.kind[one]}</b>
            <span class="soft">{t().chat.kindHint[one]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function NewGroup({ onClose, named = '' }: { onClose: () => void; named?: string }) {
  const [, go] = useLocation();
  const kind = useSignal<GroupKind>('channel');
  const name = useSignal(named);
  const people = useSignal<readonly User[]>([]);
  const problem = useSignal<string | null>(null);
  const [isBusy, run] = useDoing((error) => {
    problem.value = error instanceof Refused && error.code === 'conflict' ? t().chat.nameTaken : sentenceOf(error);
  });
  const isDirect = kind.value === 'direct';
  const toggle = (user: User) => {
    const others = people.value.filter(({ id }) => id !== user.id);
    const isNew = others.length === people.value.length;
    if (isDirect) people.value = isNew ? [user] : [];
    else people.value = isNew ? [...others, user] : others;
  };
  const create = async () => {
    const members = people.value.map(({ id }) => id);
    if (isDirect && members.length !== 1) {
      problem.value = t().chat.pickOne;
      return;
    }
    const group = await createGroup({ kind: kind.value, members, ...(!isDirect && { name: name.value.trim() }) });
    onClose();
    go(`/g/${group.id}`);
  };
  return (
    <Dialog title={t().chat.newGroup} onClose={onClose}>
      <Form class={css.form} onSubmit={() => run(create)}>
        <KindField
          kind={kind.value}
          onKind={(chosen) => {
            kind.value = chosen;
            problem.value = null;
            if (chosen === 'direct') people.value = people.value.slice(0, 1);
          }}
        />
        {!isDirect && (
          <Field
            label={t().chat.name}
            required
            maxLength={MAX_CREATE_GROUP_NAME}
            value={name.value}
            onValue={(value) => (name.value = value)}
          />
        )}
        <PeopleField chosen={people.value} onToggle={toggle} />
        <p class="problem" role="alert">
          {problem.value}
        </p>
        <Button kind="main" type="submit" busy={isBusy}>
          {isDirect ? t().chat.open : t().chat.create}
        </Button>
      </Form>
    </Dialog>
  );
}

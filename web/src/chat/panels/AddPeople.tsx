// SPDX-License-Identifier: MIT
//
// AddPeople - brings people into a group.
import { useSignal } from '@preact/signals';
import { t } from '../../i18n/i18n';
import { nameOf } from '../../lib/people';
import type { Group, User } from '../../lib/protocol';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { notify } from '../../ui/notices';
import { useDoing } from '../../ui/useDoing';
import { groupName } from '../groupName';
import { addMember } from '../state/actions';
import { PeopleField } from './PeopleField';

export function AddPeople({ group, members, onClose }: { group: Group; members: string[]; onClose: () => void }) {
  const chosen = useSignal<readonly User[]>([]);
  const [isBusy, run] = useDoing();
  const add = async () => {
    for (const user of chosen.value) {
      await addMember(group.id, user.id);
      notify(t().chat.added(nameOf(user)));
    }
    onClose();
  };
  const toggle = (user: User) => {
    const others = chosen.value.filter(({ id }) => id !== user.id);
    chosen.value = others.length === chosen.value.length ? [...others, user] : others;
  };
  return (
    <Dialog title={t().chat.addPeopleTitle(groupName(group))} onClose={onClose}>
      <PeopleField chosen={chosen.value} hidden={members} onToggle={toggle} />
      <Button kind="main" busy={isBusy} disabled={chosen.value.length === 0} onClick={() => void run(add)}>
        {t().chat.add}
      </Button>
    </Dialog>
  );
}

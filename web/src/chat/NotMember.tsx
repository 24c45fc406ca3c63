// SPDX-License-Identifier: MIT
//
// NotMember - a conversation that one is not in.
import { useSignal } from '@preact/signals';
import { t } from '../i18n/i18n';
import { Button } from '../ui/Button';
import { complain } from '../ui/notices';
import { PageHead } from '../ui/PageHead';
import { joinGroup } from './state/actions';

export function NotMember({ groupId }: { groupId: string }) {
  const isBusy = useSignal(false);
  const join = async () => {
    isBusy.value = true;
    await joinGroup(groupId).catch(complain);
    isBusy.value = false;
  };
  return (
    <div>
      <PageHead title={t().chat.notMember} />
      <div class="page">
        <p>{t().chat.notMemberHint}</p>
        <p>
          <Button kind="main" busy={isBusy.value} onClick={() => void join()}>
            {t().chat.join}
          </Button>
        </p>
      </div>
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// NotMember - a conversation that one is not in.
import { t } from '../i18n/i18n';
import { Button } from '../ui/Button';
import { PageHead } from '../ui/PageHead';
import { useDoing } from '../ui/useDoing';
import { joinGroup } from './state/actions';

export function NotMember({ groupId }: { groupId: string }) {
  const [isBusy, run] = useDoing();
  return (
    <div>
      <PageHead title={t().chat.notMember} />
      <div class="page">
        <p>{t().chat.notMemberHint}</p>
        <p>
          <Button kind="main" busy={isBusy} onClick={() => void run(() => joinGroup(groupId))}>
            {t().chat.join}
          </Button>
        </p>
      </div>
    </div>
  );
}

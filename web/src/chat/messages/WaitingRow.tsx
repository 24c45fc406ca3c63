// SPDX-License-Identifier: MIT
//
// WaitingRow - a message of one's own that the server has not got yet, or has refused.
import { Clock } from 'lucide-preact';
import { t } from '../../i18n/i18n';
import { myId } from '../../lib/people';
import type { Message } from '../../lib/protocol';
import { Refused, sentenceOf } from '../../lib/refused';
import { Button } from '../../ui/Button';
import { Attached } from '../media/Attached';
import { settle, type Waiting } from '../state/outbox';
import { retry } from '../state/sender';
import { MessageText } from '../text/Text';
import { Gutter, Head } from './Row';
import css from './Row.module.css';
import { placeOf } from './rows';

function Foot({ waiting }: { waiting: Waiting }) {
  const { refused, clientId } = waiting;
  if (!refused) {
    return (
      <p class={css.foot}>
        <Clock size={14} aria-hidden /> {t().chat.isWaiting}
      </p>
    );
  }
  return (
    <p class={`${css.foot} ${css.refused}`} role="alert">
      {t().chat.refused(sentenceOf(new Refused(refused.code, refused.message)))}
      <Button kind="quiet" onClick={() => retry(waiting)}>
        {t().chat.retry}
      </Button>
      <Button kind="quiet" onClick={() => settle(clientId)}>
        {t().chat.discard}
      </Button>
    </p>
  );
}

export function WaitingRow({
  waiting,
  before,
  index,
}: {
  waiting: Waiting | undefined;
  before: Message | undefined;
  index: number;
}) {
  if (!waiting) return null;
  const userId = myId.value;
  const { timestamp, refused } = waiting;
  const isHead = index === 0 && placeOf({ ...waiting, userId }, before).isHead;
  return (
    <article
      class={`${css.row} ${isHead ? css.headed : ''} ${refused ? '' : css.waiting}`}
      aria-label={t().chat.isWaiting}
    >
      <div class={css.gutter}>
        <Gutter userId={userId} timestamp={timestamp} isHead={isHead} />
      </div>
      <div class={css.body}>
        {isHead && <Head userId={userId} timestamp={timestamp} />}
        <MessageText message={waiting} />
        <Attached files={waiting.files} tracks={waiting.tracks} />
        <Foot waiting={waiting} />
      </div>
    </article>
  );
}

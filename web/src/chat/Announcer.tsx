// SPDX-License-Identifier: MIT
//
// Announcer - says new messages of the open conversation to those who listen, once; of many at a time how many.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { nameOf, person } from '../lib/people';
import type { Message } from '../lib/protocol';
import { inLine } from './messages/inLine';
import { onMessage } from './state/arrivals';

const CALM = 300; // milliseconds in which messages are said together
const EACH = 3; // more than so many are only counted

export function Announcer({ groupId }: { groupId: string }) {
  const said = useSignal('');
  const due = useRef<Message[]>([]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const speak = () => {
      timer = undefined;
      const messages = due.current;
      due.current = [];
      said.value =
        messages.length > EACH
          ? t().chat.arrived(messages.length)
          : messages.map((one) => t().chat.said(nameOf(person(one.userId)), inLine(one.message))).join('\n');
    };
    const stop = onMessage((message) => {
      if (message.groupId !== groupId) return;
      due.current.push(message);
      timer ??= setTimeout(speak, CALM);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [groupId]);
  return (
    <div class="spoken" aria-live="polite">
      {said.value}
    </div>
  );
}

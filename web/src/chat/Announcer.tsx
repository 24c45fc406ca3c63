// SPDX-License-Identifier: MIT
//
// Announcer - says new messages of the open conversation to those who listen, once; of many at a time how many. It
// pauses after each saying, so that a lively conversation can be followed.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { nameSoon } from '../lib/people';
import type { Message } from '../lib/protocol';
import { inLine } from './messages/inLine';
import { onMessage } from './state/arrivals';

const CALM = 300; // milliseconds in which messages are said together
const PAUSE = 2000; // milliseconds from one saying to the next
const EACH = 3; // more than so many are only counted

async function wordsFor(messages: readonly Message[]): Promise<string> {
  if (messages.length > EACH) return t().chat.arrived(messages.length);
  const names = await Promise.all(messages.map(({ userId }) => nameSoon(userId)));
  return messages.map(({ message }, i) => t().chat.said(names[i] ?? '', inLine(message))).join('\n');
}

export function Announcer({ groupId }: { groupId: string }) {
  const said = useSignal({ words: '', count: 0 });
  useEffect(() => {
    let due: Message[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let next = 0; // not before this moment
    const speak = () => {
      timer = undefined;
      next = performance.now() + PAUSE;
      const now = due;
      due = [];
      void wordsFor(now).then((words) => (said.value = { words, count: said.peek().count + 1 }));
    };
    const stop = onMessage((message) => {
      if (message.groupId !== groupId) return;
      due.push(message);
      timer ??= setTimeout(speak, Math.max(CALM, next - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [groupId]);
  const { words, count } = said.value;
  return (
    <div class="spoken" aria-live="polite">
      {/* A new element each time: the same words twice are heard twice. */}
      <p key={count}>{words}</p>
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// MessageList - the messages of a conversation, one row for each seq there is; only those in sight are on the page, and
// only those around them are fetched.
import { useSignal } from '@preact/signals';
import { ArrowDown } from 'lucide-preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/i18n';
import { type VirtualList, useVirtual } from '../../ui/virtual';
import { active } from '../state/focus';
import { roomOf } from '../state/groups';
import { load, want } from '../state/history';
import type { Conversation } from '../state/messages';
import { waitingIn } from '../state/outbox';
import { readUpTo } from '../state/reading';
import { keysOf } from './keys';
import css from './MessageList.module.css';
import { Row } from './Row';
import { WaitingRow } from './WaitingRow';

const ROW = 44; // pixels, of a row that has not been seen yet
const MARGIN = 15; // rows beyond those in sight that are fetched
const END = 120; // pixels from the end that count as being there

interface Props {
  conversation: Conversation;
  name: string;
  /** Where to begin, and the message to point out there. */
  start: number;
  target: number | null;
  /** The first message that was unread when one came; null: none. */
  newFrom: number | null;
}

const isLookedAt = () => document.visibilityState === 'visible' && document.hasFocus();

/** The newest message in sight has been read. */
function useReading(groupId: string, list: VirtualList, lastSeq: number): void {
  const read = () => {
    const end = list.range?.endIndex;
    if (end !== undefined && isLookedAt()) readUpTo(groupId, Math.min(end + 1, lastSeq));
  };
  const now = useRef(read);
  now.current = read;
  useEffect(read);
  useEffect(() => {
    const again = () => now.current();
    window.addEventListener('focus', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      window.removeEventListener('focus', again);
      document.removeEventListener('visibilitychange', again);
    };
  }, []);
}

/** Begins at its place, and goes to another one that is asked for later. */
function useTarget({ conversation, start, target }: Props, list: VirtualList): void {
  const isAtEnd = target === null;
  useLayoutEffect(() => {
    if (!isAtEnd) list.scrollToIndex(target - 1, { align: 'center' });
    else if (start > 0) list.scrollToIndex(start - 1, { align: 'start' });
    else list.scrollToEnd();
  }, []);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    if (target === null) return;
    void load(conversation, target - MARGIN, target + MARGIN).then(() => {
      list.scrollToIndex(target - 1, { align: 'center' });
      active.value = target;
    });
  }, [target]);
}

export function MessageList(props: Props) {
  const { conversation: c, name, target, newFrom } = props;
  const frame = useRef<HTMLDivElement>(null);
  const room = roomOf(c.groupId);
  const lastSeq = room?.group.lastSeq ?? 0;
  const waiting = waitingIn(c.groupId);
  const version = c.version.value;
  const list = useVirtual({
    count: lastSeq + waiting.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    getItemKey: (index) => (index < lastSeq ? index + 1 : (waiting[index - lastSeq]?.clientId ?? index)),
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END,
    paddingEnd: 16,
    paddingStart: 16,
    useAnimationFrameWithResizeObserver: false,
  });
  useTarget(props, list);
  useReading(c.groupId, list, lastSeq);
  const items = list.getVirtualItems();
  const [from, to] = [(items[0]?.index ?? 0) + 1, Math.min((items.at(-1)?.index ?? 0) + 1, lastSeq)];
  useEffect(() => {
    if (to > 0) want(c, from - MARGIN, Math.min(to + MARGIN, lastSeq));
  }, [from, to, lastSeq, version]);
  const isFar = useSignal(false);
  useEffect(() => {
    isFar.value = !list.isAtEnd(2 * END);
  });
  return (
    <div class={css.frame}>
      <div
        ref={frame}
        class={css.scroll}
        role="log"
        aria-live="off"
        aria-label={t().chat.messages(name)}
        aria-busy={items.some(({ index }) => index < lastSeq && !c.messages.has(index + 1))}
        onKeyDown={(e) => keysOf(e, list, lastSeq)}
        onPointerLeave={() => (active.value = null)}
      >
        <div class={css.rows} style={{ blockSize: `${list.getTotalSize()}px` }}>
          <div style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map(({ key, index }) => (
              <div key={key} data-index={index} ref={list.measureElement}>
                {index < lastSeq ? (
                  <Row
                    message={c.messages.get(index + 1)}
                    before={c.messages.get(index)}
                    seq={index + 1}
                    lastSeq={lastSeq}
                    isTarget={target === index + 1}
                    isFirstNew={newFrom === index + 1}
                  />
                ) : (
                  <WaitingRow
                    waiting={waiting[index - lastSeq]}
                    before={c.messages.get(lastSeq)}
                    index={index - lastSeq}
                  />
                )}
              </div>
            ))}
          </div>
        </div>
      </div>
      {isFar.value && <ToNewest list={list} below={room ? lastSeq - room.readSeq : 0} />}
    </div>
  );
}

function ToNewest({ list, below }: { list: VirtualList; below: number }) {
  return (
    <button type="button" class={css.newest} onClick={() => list.scrollToEnd()} aria-label={t().chat.toNewest}>
      <ArrowDown size={18} aria-hidden />
      {below > 0 && <span>{t().chat.below(below)}</span>}
    </button>
  );
}

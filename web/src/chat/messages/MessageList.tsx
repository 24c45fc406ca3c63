// SPDX-License-Identifier: MIT
//
// MessageList - the messages of a conversation, one row for each seq there is; only those in sight are on the page, and
// only those around them are fetched.
import { useSignal } from '@preact/signals';
import { ArrowDown } from 'lucide-preact';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/i18n';
import { isLookedAt } from '../../ui/looked';
import { type VirtualList, useVirtual } from '../../ui/virtual';
import { active, lastSent } from '../state/focus';
import { type Room, unreadOf } from '../state/groups';
import { load, want } from '../state/history';
import type { Conversation } from '../state/messages';
import { waitingIn } from '../state/outbox';
import { readUpTo } from '../state/reading';
import { goTo, keysOf } from './keys';
import css from './MessageList.module.css';
import { Row } from './Row';
import { holds, type Span, spanAlong, spanAround } from './span';
import { WaitingRow } from './WaitingRow';

const ROW = 44; // pixels, of a row that has not been seen yet
const MARGIN = 15; // rows beyond those in sight that are fetched
const END = 120; // pixels from the end that count as being there

interface Props {
  conversation: Conversation;
  room: Room;
  name: string;
  /** Where to begin, and the message to point out there. */
  start: number;
  target: number | null;
  /** The first message that was unread when one came; null: none. */
  newFrom: number | null;
}

/** The newest message in sight has been read. */
function useReading(groupId: string, list: VirtualList, { first }: Span, lastSeq: number): void {
  const isSeen = isLookedAt.value;
  useEffect(() => {
    const end = list.range?.endIndex;
    if (end !== undefined && isSeen) readUpTo(groupId, Math.min(first + end, lastSeq));
  });
}

/** Begins at its place, and goes to another one that is asked for later. */
function useTarget({ start, target }: Props, list: VirtualList, { first }: Span, jump: (seq: number) => void): void {
  useLayoutEffect(() => {
    if (target !== null) list.scrollToIndex(target - first, { align: 'center' });
    else if (start > 0) list.scrollToIndex(start - first, { align: 'start' });
    else list.scrollToEnd();
  }, []);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && target !== null) jump(target);
    isFirst.current = false;
  }, [target]);
}

/** When the frame changes its height, as by a composer that grows, what stood at its lower edge still does. */
function useLowerEdge(frame: RefObject<HTMLElement>): void {
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    let { clientHeight, scrollTop } = element;
    const follow = () => ({ clientHeight, scrollTop } = element);
    const observer = new ResizeObserver(() => {
      // The browser may have moved it already: what counts is where it stood before.
      if (clientHeight !== element.clientHeight) element.scrollTop = scrollTop + clientHeight - element.clientHeight;
      follow();
    });
    observer.observe(element);
    element.addEventListener('scroll', follow, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', follow);
    };
  }, []);
}

/** Goes to the end when one sends something here. */
function useOwnMessages(groupId: string, jump: (seq: number) => void): void {
  const isFirst = useRef(true);
  useEffect(() => {
    const { value } = lastSent;
    if (!isFirst.current && value?.groupId === groupId) jump(0);
    isFirst.current = false;
  }, [lastSent.value]);
}

export function MessageList(props: Props) {
  const { conversation: c, room, name, target, newFrom, start } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { lastSeq } = room.group;
  const waiting = waitingIn(c.groupId);
  const version = c.version.value;
  const span = useSignal(spanAround(target ?? start, lastSeq));
  // Where the list is on its way to: until that is in sight the span stays.
  const aim = useRef<number | null>(target ?? (start || lastSeq));
  const { first, last } = span.value;
  const end = last ?? lastSeq;
  const rows = Math.max(0, end - first + 1);
  const list = useVirtual({
    count: last === null ? rows + waiting.length : rows,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    getItemKey: (index) => (index < rows ? first + index : (waiting[index - rows]?.clientId ?? index)),
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: last === null,
    scrollEndThreshold: END,
    paddingEnd: 16,
    paddingStart: 16,
  });
  /** To a message, wherever it is; 0: to the end. */
  const jump = (seq: number) => {
    const show = () => {
      if (seq === 0) list.scrollToEnd();
      else goTo(list, seq, span.peek().first);
    };
    if (holds(span.peek(), seq === 0 ? lastSeq : seq)) show();
    else {
      span.value = spanAround(seq, lastSeq);
      aim.current = seq === 0 ? lastSeq : seq;
      requestAnimationFrame(show);
    }
  };
  const jumpLoaded = (seq: number) => void load(c, seq - MARGIN, Math.min(seq + MARGIN, lastSeq)).then(() => jump(seq));
  useTarget(props, list, span.value, jumpLoaded);
  useOwnMessages(c.groupId, jump);
  useLowerEdge(frame);
  useReading(c.groupId, list, span.value, lastSeq);
  const items = list.getVirtualItems();
  const [from, to] = [first + (items[0]?.index ?? 0), Math.min(first + (items.at(-1)?.index ?? 0), end)];
  useEffect(() => {
    if (to > 0) want(c, from - MARGIN, Math.min(to + MARGIN, lastSeq));
    if (aim.current !== null && (aim.current < from || aim.current > to)) return;
    aim.current = null;
    span.value = spanAlong(span.peek(), from, to, lastSeq);
  }, [from, to, lastSeq, version]);
  const isFar = useSignal(false);
  useEffect(() => {
    isFar.value = last !== null || !list.isAtEnd(2 * END);
  });
  const row = (seq: number) => (
    <Row
      message={c.messages.get(seq)}
      before={c.messages.get(seq - 1)}
      seq={seq}
      lastSeq={lastSeq}
      isTarget={target === seq}
      isFirstNew={newFrom === seq}
    />
  );
  const waitingRow = (index: number) => (
    <WaitingRow waiting={waiting[index]} before={c.messages.get(lastSeq)} index={index} />
  );
  return (
    <div class={css.frame}>
      <div
        ref={frame}
        class={css.scroll}
        role="log"
        aria-live="off"
        aria-label={t().chat.messages(name)}
        aria-busy={items.some(({ index }) => index < rows && !c.messages.has(first + index))}
        onKeyDown={(e) => keysOf(e, lastSeq, jump)}
        onWheel={() => (aim.current = null)}
        onPointerDown={() => (aim.current = null)}
        onPointerLeave={() => (active.value = null)}
      >
        <div class={css.rows} style={{ blockSize: `${list.getTotalSize()}px` }}>
          <div style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map(({ key, index }) => (
              <div key={key} class={css.item} data-index={index} ref={list.measureElement}>
                {index < rows ? row(first + index) : waitingRow(index - rows)}
              </div>
            ))}
          </div>
        </div>
      </div>
      {isFar.value && <ToNewest onGo={() => jump(0)} below={unreadOf(room)} />}
    </div>
  );
}

function ToNewest({ onGo, below }: { onGo: () => void; below: number }) {
  return (
    <button type="button" class={css.newest} onClick={onGo} aria-label={t().chat.toNewest}>
      <ArrowDown size={18} aria-hidden />
      {below > 0 && <span>{t().chat.below(below)}</span>}
    </button>
  );
}

// SPDX-License-Identifier: MIT
//
// TrackGrid - tracks as a table or as covers, of any number: only the rows in sight are in the page. One of them is in
// the order of the Tab key, the arrows lead to the others, Enter plays.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { play } from '../player/state';
import { TableHead, TrackRow } from './TrackRow';
import { TrackTile } from './TrackTile';
import { useVirtual } from '../ui/virtual';
import css from './TrackGrid.module.css';
import type { TrackList } from './tracks';

export interface Place {
  offset: number;
  active: number;
}

const ROW = 56; // pixels, as .row of TrackRow.module.css says
const HEAD = 32;
const TILE = 176; // at least so wide
const TILE_TEXT = 62;

function useWidth(frame: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!frame.current) return;
    const seen = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    setWidth(frame.current.clientWidth);
    seen.observe(frame.current);
    return () => seen.disconnect();
  }, []);
  return width;
}

/** Where a key leads from an entry, in rows of so many; null: nowhere. */
export function stepOf(key: string, columns: number, page: number): number | null {
  const steps: Record<string, number> = {
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * page,
    PageDown: columns * page,
    Home: -Infinity,
    End: Infinity,
    ...(columns > 1 && { ArrowLeft: -1, ArrowRight: 1 }),
  };
  return steps[key] ?? null;
}

export function TrackGrid({ list, view, place }: { list: TrackList; view: 'table' | 'covers'; place: Place }) {
  const frame = useRef<HTMLDivElement>(null);
  const wanted = useRef<number | null>(null);
  const width = useWidth(frame);
  const [active, setActive] = useState(place.active);
  const columns = view === 'table' ? 1 : Math.max(2, Math.floor(width / TILE));
  const height = view === 'table' ? ROW : Math.floor(width / columns) + TILE_TEXT;
  const head = view === 'table' ? HEAD : 0;
  const total = list.total.value ?? 0;
  const rows = useVirtual({
    count: Math.ceil(total / columns),
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: view === 'table' ? 6 : 2,
    initialOffset: place.offset,
    scrollMargin: head,
    scrollPaddingStart: head,
  });
  useLayoutEffect(() => rows.measure(), [height]);
  const items = rows.getVirtualItems();
  const last = Math.min(total, ((items.at(-1)?.index ?? 0) + 1) * columns) - 1;
  useLayoutEffect(() => list.need(last), [last]);
  useLayoutEffect(() => () => Object.assign(place, { offset: rows.scrollOffset ?? 0 }), []);

  // What is to have the focus may come into sight only some renderings later.
  useLayoutEffect(() => {
    const entry =
      wanted.current !== null && frame.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!entry) return;
    wanted.current = null;
    entry.focus({ preventScroll: true });
  });

  function turnTo(index: number) {
    const to = Math.min(Math.max(index, 0), total - 1);
    place.active = to;
    setActive(to);
    rows.scrollToIndex(Math.floor(to / columns));
    wanted.current = to;
  }
  function onKey(e: KeyboardEvent) {
    const entry = e.target instanceof HTMLElement ? e.target.closest<HTMLElement>('[data-index]') : null;
    if (!entry || e.ctrlKey || e.altKey || e.metaKey) return;
    const step = stepOf(e.key, columns, Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / height) - 1));
    if (step !== null) {
      e.preventDefault();
      turnTo(Number(entry.dataset.index) + step);
    } else if (e.key === 'Enter' && e.target === entry) {
      play(list.tracks.peek(), Number(entry.dataset.index));
    }
  }

  const Entry = view === 'table' ? TrackRow : TrackTile;
  return (
    <div class={css.frame} ref={frame}>
      <div
        role="grid"
        aria-label={t().music.tracks}
        aria-rowcount={Math.ceil(total / columns) + (view === 'table' ? 1 : 0)}
        onKeyDown={onKey}
      >
        {view === 'table' && <TableHead />}
        <div role="rowgroup" class={css.rows} style={{ blockSize: `${rows.getTotalSize()}px` }}>
          {items.map((item) => (
            <div
              key={item.key}
              class={css.row}
              role={view === 'table' ? 'presentation' : 'row'}
              aria-rowindex={view === 'table' ? undefined : item.index + 1}
              style={{
                blockSize: `${height}px`,
                gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
                transform: `translateY(${item.start - head}px)`,
              }}
            >
              {Array.from({ length: Math.min(columns, total - item.index * columns) }, (_, i) => {
                const index = item.index * columns + i;
                return (
                  <Entry
                    key={index}
                    list={list}
                    index={index}
                    isActive={index === Math.min(active, total - 1)}
                    onFocus={() => {
                      place.active = index;
                      setActive(index);
                    }}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

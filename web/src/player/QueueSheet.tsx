// SPDX-License-Identifier: MIT
//
// QueueSheet - what plays next, in an order that one may change, and how it plays.
import { ArrowDown, ArrowUp, X } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { clock, t } from '../i18n/i18n';
import { tame } from '../lib/tame';
import { Button, IconButton } from '../ui/Button';
import { Check } from '../ui/Choice';
import { Cover } from '../ui/Cover';
import { Dialog } from '../ui/Dialog';
import { Mode, Repeating, Speed, Volume } from './controls';
import { isListeningShown } from './listening';
import type { Entry } from './queue';
import css from './QueueSheet.module.css';
import { hasShortcuts, shortcuts } from './shortcuts';
import { clear, jump, move, queue, remove } from './state';

const DRAGGED = 'application/x-antiphon-entry';

function Row({ entry, index, isLast }: { entry: Entry; index: number; isLast: boolean }) {
  const words = t().player;
  const { track, key } = entry;
  const title = tame(track.title);
  const isNow = queue.value.index === index;
  return (
    <li
      class={isNow ? `${css.row} ${css.now}` : css.row}
      aria-current={isNow ? 'true' : undefined}
      draggable
      onDragStart={(e) => e.dataTransfer?.setData(DRAGGED, String(key))}
      onDragOver={(e) => e.dataTransfer?.types.includes(DRAGGED) && e.preventDefault()}
      onDrop={(e) => {
        const dragged = Number(e.dataTransfer?.getData(DRAGGED));
        const from = queue.peek().entries.findIndex((other) => other.key === dragged);
        if (from >= 0) move(dragged, index - from);
        e.preventDefault();
      }}
    >
      <button type="button" class={css.pick} onClick={() => jump(index)}>
        <span class="spoken">{words.play}</span>
        <Cover track={track} size="s" />
        <span class="lines">
          <b class="line">{title}</b>
          <span class="line soft">{tame(track.artist)}</span>
        </span>
        <span class={css.length}>{track.durationMs === null ? '' : clock(track.durationMs)}</span>
      </button>
      <IconButton label={words.up(title)} disabled={index === 0} onClick={() => move(key, -1)}>
        <ArrowUp size={16} aria-hidden />
      </IconButton>
      <IconButton label={words.down(title)} disabled={isLast} onClick={() => move(key, 1)}>
        <ArrowDown size={16} aria-hidden />
      </IconButton>
      <IconButton label={words.remove(title)} onClick={() => remove(key)}>
        <X size={16} aria-hidden />
      </IconButton>
    </li>
  );
}

function Options() {
  const words = t().player;
  return (
    <div class={css.options}>
      <Check
        label={words.showListening}
        checked={isListeningShown.value}
        onChecked={(isShown) => isListeningShown.set(isShown)}
      />
      <Check label={words.keys} checked={hasShortcuts.value} onChecked={(has) => (hasShortcuts.value = has)} />
      {hasShortcuts.value && (
        <dl class={css.keys}>
          {(Object.keys(shortcuts) as (keyof typeof shortcuts)[]).map((key) => (
            <div key={key}>
              <dt>
                <kbd>{key === key.toUpperCase() ? `⇧ ${key}` : key.toUpperCase()}</kbd>
              </dt>
              <dd>{words.keyWords[key]}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

export function QueueSheet({ onClose }: { onClose: () => void }) {
  const words = t().player;
  const { entries } = queue.value;
  return (
    <Dialog title={words.queue} onClose={onClose} wide>
      <div class={css.modes}>
        <Mode />
        <Repeating />
        <Speed />
        <Volume />
        <span class={css.clear}>
          <Button kind="quiet" disabled={entries.length === 0} onClick={clear}>
            {words.clear}
          </Button>
        </span>
      </div>
      {entries.length === 0 ? (
        <p>
          {words.empty}{' '}
          <Link href="/music" onClick={onClose}>
            {words.toLibrary}
          </Link>
        </p>
      ) : (
        <ol class={css.list} aria-label={words.queue}>
          {entries.map((entry, i) => (
            <Row key={entry.key} entry={entry} index={i} isLast={i === entries.length - 1} />
          ))}
        </ol>
      )}
      <Options />
    </Dialog>
  );
}

// SPDX-License-Identifier: MIT
//
// Waveform - a track's loudness as a picture in which one seeks; by keyboard too, it is a slider. Comments stand at
// their moments, and speak when those come.
import type { Signal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { clock, t } from '../i18n/i18n';
import { nameOf, person } from '../lib/people';
import type { Comment, Track } from '../lib/protocol';
import { tame } from '../lib/tame';
import { duration, playAt, playing, position, seek } from '../player/state';
import { Avatar } from '../ui/Avatar';
import { barsOf, canDraw, type Peaks, pathOf, peaksOf } from './peaks';
import { spokenAt } from './track';
import css from './Waveform.module.css';

const BARS = 180;

function usePeaks(track: Track): Peaks | null {
  const [peaks, setPeaks] = useState<Peaks | null>(null);
  useEffect(() => {
    let isOver = false;
    if (canDraw(track)) {
      peaksOf(track).then(
        (found) => !isOver && setPeaks(found),
        () => undefined,
      );
    }
    return () => {
      isOver = true;
    };
  }, [track.audio.blake2b]);
  return peaks;
}

function Pins({ comments, whole }: { comments: readonly Comment[]; whole: number }) {
  const pinned = comments.filter(({ positionMs }) => positionMs !== null && positionMs <= whole);
  return (
    <div class={css.pins} aria-hidden="true">
      {pinned.map((comment) => (
        <span
          key={comment.id}
          class={css.pin}
          style={{ insetInlineStart: `${((comment.positionMs ?? 0) / whole) * 100}%` }}
        >
          <Avatar user={person(comment.userId)} size="s" />
        </span>
      ))}
    </div>
  );
}

export function Waveform({
  track,
  comments,
  from,
}: {
  track: Track;
  comments: readonly Comment[];
  /** Where playing begins, while another track plays. */
  from: Signal<number>;
}) {
  const peaks = usePeaks(track);
  const path = useMemo(() => peaks && pathOf(barsOf(peaks.peaks, BARS)), [peaks]);
  const isCurrent = playing.value?.id === track.id;
  const whole = isCurrent ? duration.value : (track.durationMs ?? peaks?.durationMs ?? 0);
  const now = Math.min(isCurrent ? position.value : from.value, whole);
  const spoken = isCurrent ? spokenAt(comments, now) : null;
  return (
    <div class={css.frame}>
      <div class={css.wave} style={{ '--now': `${whole > 0 ? (now / whole) * 100 : 0}%` }}>
        {path ? (
          <svg viewBox={`0 0 ${BARS} 2`} preserveAspectRatio="none" aria-hidden="true">
            <path d={path} class={css.rest} />
            <path d={path} class={css.done} />
          </svg>
        ) : (
          <span class={css.plain} />
        )}
        <input
          type="range"
          class={css.slider}
          min={0}
          max={whole}
          step={1000}
          value={now}
          disabled={whole === 0}
          aria-label={t().music.moment}
          aria-valuetext={t().player.at(clock(now), clock(whole))}
          onInput={(e) => {
            if (isCurrent) seek(e.currentTarget.valueAsNumber);
            else from.value = e.currentTarget.valueAsNumber;
          }}
          onPointerUp={() => !isCurrent && playAt(track, from.peek())}
        />
      </div>
      {whole > 0 && <Pins comments={comments} whole={whole} />}
      <div class={css.foot}>
        <span class={css.time}>{clock(now)}</span>
        <p role="status" class={css.spoken}>
          {spoken && (
            <>
              <b>{nameOf(person(spoken.userId))}</b> {tame(spoken.text)}
            </>
          )}
        </p>
        <span class={css.time}>{clock(whole)}</span>
      </div>
    </div>
  );
}

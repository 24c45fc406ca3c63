// SPDX-License-Identifier: MIT
//
// TrackPage - a track: its sound, what is known of it, and what people say of it.
import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { bytes, clock, date, number, t } from '../i18n/i18n';
import { nameOf, person } from '../lib/people';
import type { Track } from '../lib/protocol';
import { Refused, sentenceOf } from '../lib/refused';
import { tame } from '../lib/tame';
import { PlayButton } from '../player/PlayButton';
import { playAt } from '../player/state';
import { Button } from '../ui/Button';
import { PageHead } from '../ui/PageHead';
import { Waiting } from '../ui/Waiting';
import { Comments } from './Comments';
import { dragTrack } from '../player/drag';
import { showAll, tag } from './library';
import { Stars } from './Stars';
import { type OpenTrack, openTrack } from './track';
import { TrackActions } from './TrackActions';
import css from './TrackPage.module.css';
import { Waveform } from './Waveform';

const LONG = 60; // letters: such a title is set smaller

function Facts({ track }: { track: Track }) {
  const words = t().music;
  const facts: [string, string][] = [
    [words.fields.album, tame(track.album)],
    [words.fields.genre, tame(track.genre)],
    [words.fields.year, track.year === null ? '' : String(track.year)],
    [words.columns.length, track.durationMs === null ? '' : clock(track.durationMs)],
    [words.file, `${track.audio.mime.replace('audio/', '')}, ${bytes(track.audio.size)}`],
    [words.downloads, number(track.downloads)],
  ];
  return (
    <dl class={css.facts}>
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Tags({ tags }: { tags: readonly string[] }) {
  const [, go] = useLocation();
  if (tags.length === 0) return null;
  return (
    <ul class={css.tags} aria-label={t().music.fields.tags}>
      {tags.map((one) => (
        <li key={one}>
          <button
            type="button"
            onClick={() => {
              showAll();
              tag.value = one;
              go('/music');
            }}
          >
            {tame(one)}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Shown({ open, track, at }: { open: OpenTrack; track: Track; at: number | null }) {
  const words = t().music;
  const from = useSignal(at ?? 0);
  // A link to a moment plays from there, where the browser lets it; else it waits there for a press of play.
  useEffect(() => {
    if (at !== null && Number.isFinite(at)) playAt(track, at);
  }, [at]);
  return (
    <div class={`page ${css.page}`}>
      <div class={css.hero}>
        <div class={css.cover} draggable onDragStart={(e) => dragTrack(e, track)}>
          <PlayButton track={track} size="full" onPlay={() => playAt(track, from.peek())} />
        </div>
        <div class={css.about}>
          <p class={track.title.length > LONG ? `${css.title} ${css.long}` : css.title}>{tame(track.title)}</p>
          <p class={css.artist}>{tame(track.artist)}</p>
          <p class="soft">
            <Link href={`/u/${track.userId}`}>{nameOf(person(track.userId))}</Link> · {date(track.publishedAt)}
          </p>
          <Tags tags={track.tags} />
          <div class={css.doing}>
            <Stars open={open} />
            {!open.isGone.value && (
              <div class={css.actions}>
                <TrackActions track={track} />
              </div>
            )}
          </div>
        </div>
      </div>
      {open.isGone.value && (
        <p role="alert" class={css.gone}>
          {words.gone}
        </p>
      )}
      <Waveform track={track} comments={open.comments.value} from={from} />
      <Facts track={track} />
      <Comments open={open} track={track} />
    </div>
  );
}

function useOpenTrack(id: string): OpenTrack {
  const [open] = useState(() => openTrack(id));
  useEffect(() => open.stop, []);
  return open;
}

export function TrackPage({ trackId, at }: { trackId: string; at: number | null }) {
  const open = useOpenTrack(trackId);
  const track = open.track.value;
  const problem = open.problem.value;
  if (!track) {
    if (problem === null) return <Waiting />;
    const isMissing = problem instanceof Refused && problem.code === 'not_found';
    return (
      <div class="page" role="alert">
        <p>{isMissing ? t().music.gone : sentenceOf(problem)}</p>
        {!isMissing && <Button onClick={open.again}>{t().app.again}</Button>}
        <p>
          <Link href="/music">{t().music.toLibrary}</Link>
        </p>
      </div>
    );
  }
  return (
    <div class="layout">
      <PageHead title={tame(track.title)} about={tame(track.artist)} />
      <Shown open={open} track={track} at={at} />
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// PublishCard - a file that is to be published, with what one writes of it.
import { Check, Pause, Play, X } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { bytes, clock, number, t } from '../i18n/i18n';
import { Button, IconButton } from '../ui/Button';
import { Form } from '../ui/Form';
import css from './PublishCard.module.css';
import { type Card, cancel, pause, publish, remove, resume } from './publishing';
import { TrackFields } from './TrackFields';

function Progress({ card }: { card: Card }) {
  const words = t().music;
  const percent = Math.round(card.progress.value * 100);
  const isPaused = card.stage.value === 'paused';
  return (
    <div class={css.progress}>
      <progress max={100} value={percent} aria-label={words.sending(card.file.name)} />
      <span class={css.percent}>{number(percent)} %</span>
      <IconButton label={isPaused ? words.resume : words.pause} onClick={() => (isPaused ? resume : pause)(card)}>
        {isPaused ? <Play size={18} aria-hidden /> : <Pause size={18} aria-hidden />}
      </IconButton>
      <IconButton label={t().app.cancel} onClick={() => cancel(card)}>
        <X size={18} aria-hidden />
      </IconButton>
    </div>
  );
}

function Done({ card }: { card: Card }) {
  const track = card.track.value;
  return (
    <p class={css.done}>
      <Check size={20} aria-hidden />
      <span>
        {t().music.published} {track && <Link href={`/music/t/${track.id}`}>{track.title}</Link>}
      </span>
    </p>
  );
}

export function PublishCard({ card }: { card: Card }) {
  const words = t().music;
  const stage = card.stage.value;
  return (
    <li>
      <Form class={css.card} noValidate aria-label={card.file.name} onSubmit={() => publish(card)}>
        <header class={css.head}>
          <h2 class="line">{card.file.name}</h2>
          <span class={css.size}>
            {bytes(card.file.size)}
            {card.durationMs !== null && `, ${clock(card.durationMs)}`}
          </span>
          <IconButton label={words.removeFile(card.file.name)} onClick={() => remove(card)}>
            <X size={18} aria-hidden />
          </IconButton>
        </header>
        <div role="status">
          {stage === 'reading' && <p class="soft">{words.reading}</p>}
          {stage === 'done' && <Done card={card} />}
        </div>
        {stage !== 'done' && (
          <TrackFields
            draft={card.draft.value}
            track={{ id: (card.key * 0x9e3779b1).toString(16), coverUrl: null }}
            isTried={card.isTried.value}
            onChange={(fields) => {
              card.draft.value = { ...card.draft.value, ...fields };
            }}
          />
        )}
        <p role="alert" class={`problem ${css.refused}`}>
          {card.problem.value}
        </p>
        {(stage === 'sending' || stage === 'paused') && <Progress card={card} />}
        {stage === 'ready' && (
          <footer class={css.foot}>
            <Button type="submit" kind="main">
              {words.publish}
            </Button>
          </footer>
        )}
      </Form>
    </li>
  );
}

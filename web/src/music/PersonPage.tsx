// SPDX-License-Identifier: MIT
//
// PersonPage - somebody: who they are, what they have published, and the way to write to them.
import { signal, useSignal } from '@preact/signals';
import { MessageSquare, Play } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { date, t } from '../i18n/i18n';
import { request } from '../lib/connection';
import { learn, me, nameOf, person, statusOf } from '../lib/people';
import type { User } from '../lib/protocol';
import { Refused, sentenceOf } from '../lib/refused';
import { tame } from '../lib/tame';
import { play } from '../player/state';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { PageHead } from '../ui/PageHead';
import { useDoing } from '../ui/useDoing';
import { Waiting } from '../ui/Waiting';
import css from './PersonPage.module.css';
import { sharing } from './sharing';
import { TrackGrid } from './TrackGrid';
import { type Filter, trackList } from './tracks';

function Write({ user }: { user: User }) {
  const [, go] = useLocation();
  const [isBusy, run] = useDoing();
  const chat = sharing();
  if (!chat || user.id === me.value?.id) return null;
  async function write() {
    go(`/g/${(await chat?.directWith(user.id)) ?? ''}`);
  }
  return (
    <Button kind="main" busy={isBusy} onClick={() => void run(write)}>
      <MessageSquare size={18} aria-hidden />
      {t().music.writeTo}
    </Button>
  );
}

function About({ user }: { user: User }) {
  const words = t().music;
  const status = statusOf(user.id);
  return (
    <div class={css.about}>
      <Avatar user={user} size="l" />
      <div class={css.text}>
        <p class={css.name}>{nameOf(user)}</p>
        <p class="soft">
          @{user.username} · {status === 'offline' ? words.notHere : t().app.status[status]}
          {user.role !== 'user' && ` · ${words.roles[user.role]}`}
        </p>
        {user.statusText !== '' && <p class={css.said}>{tame(user.statusText)}</p>}
        {user.bio !== '' && <p class={css.bio}>{tame(user.bio)}</p>}
        <p class="soft">{words.since(date(user.createdAt))}</p>
      </div>
    </div>
  );
}

function Tracks({ userId }: { userId: string }) {
  const words = t().music;
  const [list] = useState(() => trackList(signal<Filter>({ userId })));
  const [place] = useState(() => ({ offset: 0, active: 0 }));
  useEffect(() => list.stop, []);
  const total = list.total.value;
  if (total === null) {
    return list.problem.value === null ? <Waiting /> : <Button onClick={list.again}>{t().app.again}</Button>;
  }
  return (
    <section class={css.tracks} aria-labelledby="tracks-head">
      <div class={css.head}>
        <h2 id="tracks-head">{words.count(total)}</h2>
        {total > 0 && (
          <Button kind="quiet" onClick={() => play(list.tracks.peek(), 0)}>
            <Play size={18} aria-hidden />
            {words.playAll}
          </Button>
        )}
      </div>
      {total === 0 ? (
        <p class={`soft ${css.none}`}>
          {userId === me.value?.id ? <Link href="/music/publish">{words.publishFirst}</Link> : words.noTracks}
        </p>
      ) : (
        <TrackGrid list={list} view="table" place={place} />
      )}
    </section>
  );
}

export function PersonPage({ userId }: { userId: string }) {
  const problem = useSignal<unknown>(null);
  const user = person(userId);
  useEffect(() => {
    request('music', 'GET_USER', userId).then(
      ({ user: now }) => learn(now),
      (error: unknown) => (problem.value = error),
    );
  }, []);
  if (!user) {
    if (problem.value === null) return <Waiting />;
    const isMissing = problem.value instanceof Refused && problem.value.code !== 'unavailable';
    return (
      <div class="page" role="alert">
        <p>{isMissing ? t().music.nobody : sentenceOf(problem.value)}</p>
      </div>
    );
  }
  return (
    <div class={css.frame}>
      <PageHead title={nameOf(user)}>
        <Write user={user} />
      </PageHead>
      <About user={user} />
      <Tracks userId={userId} />
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// publishing - files on their way to the library, each with what one writes of it. They outlive the page, so that one
// may look at something else meanwhile; nothing typed is lost by a refusal.
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { t } from '../i18n/i18n';
import { echo, request } from '../lib/connection';
import type { Track } from '../lib/protocol';
import { sentenceOf } from '../lib/refused';
import { Cancelled, type Sending, upload } from '../lib/upload';
import { type Draft, emptyDraft, fieldsOf, isSound } from './draft';
import { read, titleOf } from './reading';

export type Stage = 'reading' | 'ready' | 'sending' | 'paused' | 'done';

export interface Card {
  readonly key: number;
  readonly file: File;
  readonly draft: Signal<Draft>;
  readonly isTried: Signal<boolean>;
  readonly stage: Signal<Stage>;
  /** A sentence; null while nothing is wrong. */
  readonly problem: Signal<string | null>;
  /** What is sent now. */
  readonly sending: Signal<Sending | null>;
  readonly progress: ReadonlySignal<number>;
  /** Once it is published. */
  readonly track: Signal<Track | null>;
  durationMs: number | null;
  /** The audio, once the server has all of it: a refusal of a field does not send it again. */
  uploadId: string | null;
}

export const cards = signal<readonly Card[]>([]);

/** Those that can be published now. */
export const waiting = computed(() => cards.value.filter(({ stage }) => stage.value === 'ready'));

// Who leaves the application now would lose what is typed; the browser asks first.
if (typeof window !== 'undefined') {
  window.addEventListener('beforeunload', (e) => {
    if (cards.peek().some(({ stage }) => stage.peek() !== 'done')) e.preventDefault();
  });
}

let lastKey = 0;

function cardOf(file: File): Card {
  const sending = signal<Sending | null>(null);
  return {
    key: ++lastKey,
    file,
    draft: signal({ ...emptyDraft, title: titleOf(file.name) }),
    isTried: signal(false),
    stage: signal<Stage>('reading'),
    problem: signal<string | null>(null),
    sending,
    progress: computed(() => sending.value?.progress.value ?? 0),
    track: signal<Track | null>(null),
    durationMs: null,
    uploadId: null,
  };
}

/** What was read, but for what was typed meanwhile. */
async function fill(card: Card): Promise<void> {
  const before = card.draft.peek();
  const { draft, durationMs, isAudio } = await read(card.file);
  const now = Object.entries(card.draft.peek());
  const typed = now.filter(([name, value]) => before[name as keyof Draft] !== value);
  card.draft.value = { ...draft, ...(Object.fromEntries(typed) as Partial<Draft>) };
  card.durationMs = durationMs;
  if (!isAudio) card.problem.value = t().music.notAudio(card.file.name);
  card.stage.value = 'ready';
}

export function add(files: Iterable<File>): void {
  const added = Array.from(files, cardOf);
  cards.value = [...cards.peek(), ...added];
  for (const card of added) void fill(card);
}

export function remove(card: Card): void {
  card.sending.peek()?.cancel();
  cards.value = cards.peek().filter((other) => other !== card);
}

async function send(card: Card, file: Blob, purpose: 'track' | 'avatar'): Promise<string> {
  const sending = upload({ file, name: purpose === 'track' ? card.file.name : 'cover', purpose });
  card.sending.value = sending;
  return sending.done;
}

async function store(card: Card): Promise<Track> {
  card.uploadId ??= await send(card, card.file, 'track');
  const { cover } = card.draft.peek();
  const coverUploadId = cover ? await send(card, cover, 'avatar') : null;
  const { year, ...fields } = fieldsOf(card.draft.peek());
  const { track } = await request('music', 'PUBLISH_TRACK', {
    ...fields,
    uploadId: card.uploadId,
    ...(year !== null && { year }),
    ...(card.durationMs !== null && { durationMs: card.durationMs }),
    ...(coverUploadId !== null && { coverUploadId }),
  });
  return track;
}

export async function publish(card: Card): Promise<void> {
  if (card.stage.peek() !== 'ready') return;
  card.isTried.value = true;
  if (!isSound(card.draft.peek())) return;
  card.stage.value = 'sending';
  card.problem.value = null;
  try {
    const track = await store(card);
    card.track.value = track;
    card.stage.value = 'done';
    echo('music', 'PUBLISH_TRACK', track);
  } catch (error) {
    card.stage.value = 'ready';
    if (!(error instanceof Cancelled)) card.problem.value = sentenceOf(error);
  }
  card.sending.value = null;
}

/** One after another: they share the way to the server. */
export async function publishAll(): Promise<void> {
  for (const card of waiting.peek()) await publish(card);
}

export function pause(card: Card): void {
  card.sending.peek()?.pause();
  card.stage.value = 'paused';
}

export function resume(card: Card): void {
  card.sending.peek()?.resume();
  card.stage.value = 'sending';
}

export function cancel(card: Card): void {
  card.sending.peek()?.cancel();
}

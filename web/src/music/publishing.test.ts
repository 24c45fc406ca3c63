// SPDX-License-Identifier: MIT
import { signal } from '@preact/signals';
import { beforeEach, expect, test, vi } from 'vitest';
import { Refused } from '../lib/refused';
import { emptyDraft } from './draft';
import { add, cards, publish, publishAll, remove, waiting } from './publishing';
import { titleOf } from './reading';

const sent: string[] = [];
const published: object[] = [];
let refuse: Refused | null = null;

vi.mock('./reading', async (original) => ({
  ...(await original<typeof import('./reading')>()),
  read: (file: File) =>
    Promise.resolve({
      draft: { ...emptyDraft, title: `tag of ${file.name}`, cover: new Blob(['x']) },
      durationMs: 1234,
      isAudio: file.name !== 'text.txt',
    }),
}));
vi.mock('../lib/upload', () => ({
  Cancelled: class extends Error {},
  upload: ({ purpose }: { purpose: string }) => {
    sent.push(purpose);
    return { progress: signal(1), done: Promise.resolve(`id-${purpose}`), cancel: () => undefined };
  },
}));
vi.mock('../lib/connection', async (original) => ({
  ...(await original<typeof import('../lib/connection')>()),
  request: (_space: string, _event: string, payload: object) => {
    if (refuse) return Promise.reject(refuse);
    published.push(payload);
    return Promise.resolve({ track: { id: 't', ...payload } });
  },
}));

const settle = () => new Promise((resolve) => setTimeout(resolve));
const file = (name: string) => ({ name, size: 1 }) as File;

beforeEach(() => {
  for (const card of cards.peek()) remove(card);
  sent.length = 0;
  published.length = 0;
  refuse = null;
});

test('a file becomes a card with its tags, and the card a track', async () => {
  add([file('a.mp3')]);
  expect(cards.value[0]?.stage.value).toBe('reading');
  await settle();
  await publishAll();
  expect(sent).toEqual(['track', 'avatar']);
  expect(published).toMatchObject([
    { title: 'tag of a.mp3', durationMs: 1234, uploadId: 'id-track', coverUploadId: 'id-avatar' },
  ]);
  expect(cards.value[0]?.stage.value).toBe('done');
  expect(waiting.value).toEqual([]);
});

test('a refusal stands at the card, what was typed stays, and the audio is not sent again', async () => {
  add([file('a.mp3')]);
  await settle();
  const [card] = cards.value;
  if (!card) throw new Error('no card');
  card.draft.value = { ...card.draft.value, artist: 'typed' };
  refuse = new Refused('bad_request', 'This is not audio.');
  await publish(card);
  expect([card.stage.value, card.problem.value]).toEqual(['ready', 'This is not audio.']);
  expect(card.draft.value.artist).toBe('typed');
  refuse = null;
  await publish(card);
  expect(card.stage.value).toBe('done');
  expect(sent.filter((purpose) => purpose === 'track')).toHaveLength(1);
});

test('what is typed while the file is read stays', async () => {
  add([file('a.mp3')]);
  const [card] = cards.value;
  if (!card) throw new Error('no card');
  card.draft.value = { ...card.draft.value, artist: 'typed early' };
  await settle();
  expect(card.draft.value).toMatchObject({ artist: 'typed early', title: 'tag of a.mp3' });
});

test('without a title nothing is sent; what is not audio is said early', async () => {
  add([file('text.txt')]);
  await settle();
  const [card] = cards.value;
  if (!card) throw new Error('no card');
  expect(card.problem.value).toContain('text.txt');
  card.draft.value = { ...card.draft.value, title: ' ' };
  await publish(card);
  expect(sent).toEqual([]);
  expect(card.isTried.value).toBe(true);
});

test('a name without its ending is a title', () => {
  expect(titleOf('01_Some_Song.flac')).toBe('01 Some Song');
  expect(titleOf('noending')).toBe('noending');
});

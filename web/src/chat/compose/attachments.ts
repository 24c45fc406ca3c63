// SPDX-License-Identifier: MIT
//
// attachments - the files and tracks that the next message of each conversation will carry. They go on while one looks
// at another page.
import { signal, type Signal } from '@preact/signals';
import { t } from '../../i18n/i18n';
import { on, request } from '../../lib/connection';
import { myId } from '../../lib/people';
import type { File as GroupFile, Track } from '../../lib/protocol';
import { Cancelled, type Sending, upload } from '../../lib/upload';
import { complain, notify } from '../../ui/notices';

export const MOST_FILES = 10;

export interface Attachment {
  key: number;
  file: File;
  groupId: string;
  sending: Signal<Sending>;
  /** `done` holds what the message carries; `stopped` why it does not go on. */
  state: Signal<{ is: 'going' } | { is: 'paused' } | { is: 'done'; file: GroupFile } | { is: 'stopped'; why: unknown }>;
}

export interface Attachments {
  files: Signal<readonly Attachment[]>;
  tracks: Signal<readonly Track[]>;
}

const groups = new Map<string, Attachments>();
let lastKey = 0;

export function attachmentsOf(groupId: string): Attachments {
  let found = groups.get(groupId);
  if (!found) {
    found = { files: signal([]), tracks: signal([]) };
    groups.set(groupId, found);
  }
  return found;
}

const PATIENCE = 3000; // milliseconds until the file's own event is no longer waited for
const LATELY = 50; // events that are kept

/** Files that the server has told of: the type that it found, and an address that is signed. */
const told = new Map<string, GroupFile>();
const awaited = new Map<string, (file: GroupFile) => void>();

on('chat', 'FILE_UPLOADED', (file) => {
  if (file.userId !== myId.peek()) return;
  told.set(file.fileId, file);
  awaited.get(file.fileId)?.(file);
  const oldest = told.keys().next().value;
  if (told.size > LATELY && oldest !== undefined) told.delete(oldest);
});

/** The file as the server knows it; what this page knows of it when that does not come. */
function groupFile({ file, groupId }: Attachment, fileId: string): Promise<GroupFile> {
  const own: GroupFile = {
    fileId,
    groupId,
    fileName: file.name,
    fileSize: file.size,
    mime: file.type === '' ? 'application/octet-stream' : file.type,
    url: `/api/v1/files/${fileId}`,
    userId: myId.peek(),
    timestamp: new Date().toISOString(),
  };
  const known = told.get(fileId);
  if (known) return Promise.resolve(known);
  return new Promise<GroupFile>((resolve) => {
    awaited.set(fileId, resolve);
    setTimeout(() => resolve(own), PATIENCE);
  }).finally(() => awaited.delete(fileId));
}

function follow(one: Attachment): void {
  const { done } = one.sending.peek();
  done.then(
    async (fileId) => {
      one.state.value = { is: 'done', file: await groupFile(one, fileId) };
    },
    (why: unknown) => {
      if (!(why instanceof Cancelled)) one.state.value = { is: 'stopped', why };
    },
  );
}

const begin = (file: File, groupId: string) => upload({ file, name: file.name, purpose: 'file', groupId });

export function addFiles(groupId: string, files: readonly File[]): void {
  const { files: list } = attachmentsOf(groupId);
  const room = MOST_FILES - list.peek().length;
  if (files.length > room) notify(t().chat.mostFiles(MOST_FILES));
  for (const file of files.slice(0, room)) {
    const one: Attachment = {
      key: ++lastKey,
      file,
      groupId,
      sending: signal(begin(file, groupId)),
      state: signal({ is: 'going' }),
    };
    list.value = [...list.peek(), one];
    follow(one);
  }
}

export function pauseFile(one: Attachment): void {
  one.sending.peek().pause();
  one.state.value = { is: 'paused' };
}

/** Goes on: where it was paused, or anew where it had stopped; what the server has is not sent again. */
export function resumeFile(one: Attachment): void {
  const wasStopped = one.state.peek().is === 'stopped';
  one.state.value = { is: 'going' };
  if (!wasStopped) {
    one.sending.peek().resume();
    return;
  }
  one.sending.value = begin(one.file, one.groupId);
  follow(one);
}

export function dropFile(one: Attachment): void {
  const { files } = attachmentsOf(one.groupId);
  files.value = files.peek().filter((other) => other !== one);
  if (one.state.peek().is !== 'done') one.sending.peek().cancel();
}

export async function addTrack(groupId: string, trackId: string): Promise<void> {
  const { tracks } = attachmentsOf(groupId);
  if (tracks.peek().some(({ id }) => id === trackId)) return;
  try {
    const { track } = await request('music', 'GET_TRACK', trackId);
    if (tracks.peek().length < MOST_FILES) tracks.value = [...tracks.peek(), track];
  } catch (error) {
    complain(error);
  }
}

export function dropTrack(groupId: string, trackId: string): void {
  const { tracks } = attachmentsOf(groupId);
  tracks.value = tracks.peek().filter(({ id }) => id !== trackId);
}

/** What is ready to go; null while something is under way. */
export function ready(groupId: string): { files: GroupFile[]; tracks: Track[] } | null {
  const { files, tracks } = attachmentsOf(groupId);
  const done: GroupFile[] = [];
  for (const { state } of files.value) {
    if (state.value.is !== 'done') return null;
    done.push(state.value.file);
  }
  return { files: done, tracks: [...tracks.value] };
}

/** They went with a message. */
export function clearAttachments(groupId: string): void {
  const { files, tracks } = attachmentsOf(groupId);
  files.value = [];
  tracks.value = [];
}

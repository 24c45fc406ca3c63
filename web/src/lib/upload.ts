// SPDX-License-Identifier: MIT
//
// upload - sends files by tus: with progress, through interruptions, and on from where an upload of the same file
// stopped, also after a reload.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { DetailedError, Upload } from 'tus-js-client';
import { bearer } from './http';
import type { ErrorCode, UploadPurpose } from './protocol';
import { Refused } from './refused';

export interface What {
  file: Blob;
  name: string;
  purpose: UploadPurpose;
  /** Of a file: where it goes. */
  groupId?: string;
}

export interface Sending {
  /** How much the server has: 0 to 1. */
  progress: ReadonlySignal<number>;
  /** The upload's id, when the server has all of it. Refused as the server says; `Cancelled` after cancel(). */
  done: Promise<string>;
  pause(): void;
  resume(): void;
  /** Ends it; the server forgets what it has. */
  cancel(): void;
}

export class Cancelled extends Error {}

// Half a minute of a server that is away; then it is refused, and may be begun again.
const AGAIN = [0, 500, 1000, 2000, 4000, 8000, 15_000];

function refusal(error: Error | DetailedError): Refused {
  const text = 'originalResponse' in error ? error.originalResponse?.getBody() : undefined;
  try {
    const problem = JSON.parse(text ?? '') as { errorCode?: ErrorCode; detail?: string };
    return new Refused(problem.errorCode ?? 'internal', problem.detail ?? '');
  } catch {
    return new Refused('unavailable', 'The upload was interrupted; try again.');
  }
}

function begin({ file, name, purpose, groupId }: What): Promise<{ upload: Upload; finished: Promise<void> }> {
  return import('tus-js-client').then(async (tus) => {
    let finish: (value?: undefined) => void;
    let fail: (reason: Error) => void;
    const finished = new Promise<void>((resolve, reject) => ([finish, fail] = [resolve, reject]));
    const upload = new tus.Upload(file, {
      endpoint: '/api/v1/uploads',
      headers: { Authorization: `Bearer ${bearer.token ?? ''}` },
      metadata: { filename: name, purpose, ...(groupId !== undefined && { groupId }) },
      retryDelays: AGAIN,
      removeFingerprintOnSuccess: true,
      onSuccess: () => finish(),
      onError: (error) => fail(refusal(error)),
      // Where the same file goes to the same place as the same thing, and nowhere else.
      fingerprint: async (input, options) => {
        const own = await tus.defaultOptions.fingerprint(input, options);
        return [own, purpose, groupId ?? ''].join('-');
      },
    });
    const [before] = await upload.findPreviousUploads();
    if (before) upload.resumeFromPreviousUpload(before);
    return { upload, finished };
  });
}

export function upload(what: What): Sending {
  const progress = signal(0);
  const begun = begin(what);
  let cancelled = false;
  let giveUp: (reason: Cancelled) => void;
  const gone = new Promise<never>((_, reject) => (giveUp = reject));
  const all = begun.then(async ({ upload: one, finished }) => {
    if (cancelled) throw new Cancelled();
    one.options.onProgress = (sent, total) => (progress.value = total > 0 ? sent / total : 1);
    one.start();
    await finished;
    progress.value = 1;
    return one.url?.split('/').at(-1) ?? '';
  });
  // What fails here is told by `done`.
  const quietly = (act: (one: Upload) => unknown) =>
    void begun.then(({ upload: one }) => act(one)).catch(() => undefined);
  return {
    progress,
    done: Promise.race([all, gone]),
    pause: () => quietly((one) => one.abort()),
    resume: () => quietly((one) => one.start()),
    cancel: () => {
      cancelled = true;
      giveUp(new Cancelled());
      quietly((one) => one.abort(true));
    },
  };
}

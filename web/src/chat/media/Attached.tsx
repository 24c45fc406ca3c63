// SPDX-License-Identifier: MIT
//
// Attached - the files and tracks that a message carries.
import { useSignal } from '@preact/signals';
import { FileDown, ImageIcon } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { bytes, t } from '../../i18n/i18n';
import type { File, Track } from '../../lib/protocol';
import { tame } from '../../lib/tame';
import { TrackCard } from '../../music/TrackCard';
import css from './Attached.module.css';
import { isShowable, shownAs } from './kinds';

function FileLink({ file, note }: { file: File; note?: string }) {
  const name = tame(file.fileName);
  const Icon = note === undefined ? FileDown : ImageIcon;
  return (
    <a class={css.file} href={file.url} target="_blank" rel="noopener" download={note === undefined ? name : undefined}>
      <Icon size={20} aria-hidden />
      <span class="lines">
        <bdi class="line">{name}</bdi>
        <span class="line soft">{[bytes(file.fileSize), note].filter(Boolean).join(' · ')}</span>
      </span>
    </a>
  );
}

/** A picture in a frame of a fixed height, so that the list does not move when it is there. */
function Picture({ file }: { file: File }) {
  const state = useSignal<'unknown' | 'good' | 'large' | 'broken'>('unknown');
  const name = tame(file.fileName);
  useEffect(() => {
    isShowable(file).then(
      (is) => (state.value = is ? 'good' : 'large'),
      () => (state.value = 'broken'),
    );
  }, [file.fileId]);
  if (state.value === 'broken') return <FileLink file={file} />;
  if (state.value === 'large') return <FileLink file={file} note={t().chat.tooBigToShow} />;
  return (
    <a class={css.picture} href={file.url} target="_blank" rel="noopener" aria-label={name}>
      {state.value === 'good' && (
        <img src={file.url} alt={name} title={name} decoding="async" onError={() => (state.value = 'broken')} />
      )}
    </a>
  );
}

function Audio({ file }: { file: File }) {
  const name = tame(file.fileName);
  return (
    <figure class={css.audio}>
      <figcaption>
        <FileLink file={file} />
      </figcaption>
      <audio controls preload="none" src={file.url} aria-label={name} />
    </figure>
  );
}

function Shown({ file }: { file: File }) {
  switch (shownAs(file)) {
    case 'picture':
      return <Picture file={file} />;
    case 'large picture':
      return <FileLink file={file} note={t().chat.tooBigToShow} />;
    case 'audio':
      return <Audio file={file} />;
    case 'file':
      return <FileLink file={file} />;
  }
}

export function Attached({ files, tracks }: { files: readonly File[]; tracks: readonly Track[] }) {
  if (files.length === 0 && tracks.length === 0) return null;
  return (
    <div class={css.attached}>
      {files.map((file) => (
        <Shown key={file.fileId} file={file} />
      ))}
      {tracks.map((track) => (
        <TrackCard key={track.id} track={track} />
      ))}
    </div>
  );
}

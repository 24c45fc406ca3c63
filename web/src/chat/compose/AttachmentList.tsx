// SPDX-License-Identifier: MIT
//
// AttachmentList - what the next message will carry: files on their way, and tracks.
import { Music, Pause, Play, X } from 'lucide-preact';
import { bytes, t } from '../../i18n/i18n';
import { sentenceOf } from '../../lib/refused';
import { tame } from '../../lib/tame';
import { IconButton } from '../../ui/Button';
import { type Attachment, attachmentsOf, dropFile, dropTrack, pauseFile, resumeFile } from './attachments';
import css from './AttachmentList.module.css';

function about(one: Attachment): string {
  const state = one.state.value;
  const size = bytes(one.file.size);
  if (state.is === 'paused') return `${size} · ${t().chat.paused}`;
  return state.is === 'stopped' ? t().chat.uploadFailed(sentenceOf(state.why)) : size;
}

function FileLine({ one }: { one: Attachment }) {
  const name = tame(one.file.name);
  const { is } = one.state.value;
  const progress = one.sending.value.progress.value;
  return (
    <li class={css.one} data-state={is}>
      <span class={`lines ${css.about}`}>
        <bdi class="line">{name}</bdi>
        <span class="line soft">{about(one)}</span>
        {is !== 'done' && <progress max={1} value={progress} aria-label={t().chat.uploading(name)} />}
      </span>
      {is === 'going' && (
        <IconButton label={t().chat.pause} onClick={() => pauseFile(one)}>
          <Pause size={17} aria-hidden />
        </IconButton>
      )}
      {(is === 'paused' || is === 'stopped') && (
        <IconButton label={t().chat.resume} onClick={() => resumeFile(one)}>
          <Play size={17} aria-hidden />
        </IconButton>
      )}
      <IconButton label={t().chat.removeFile(name)} onClick={() => dropFile(one)}>
        <X size={17} aria-hidden />
      </IconButton>
    </li>
  );
}

export function AttachmentList({ groupId }: { groupId: string }) {
  const { files, tracks } = attachmentsOf(groupId);
  if (files.value.length === 0 && tracks.value.length === 0) return null;
  return (
    <ul class={css.list}>
      {files.value.map((one) => (
        <FileLine key={one.key} one={one} />
      ))}
      {tracks.value.map(({ id, title }) => (
        <li key={id} class={css.one}>
          <Music size={17} aria-hidden />
          <bdi class={`line ${css.title}`}>{tame(title)}</bdi>
          <IconButton label={t().chat.removeTrack(tame(title))} onClick={() => dropTrack(groupId, id)}>
            <X size={17} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

// SPDX-License-Identifier: MIT
//
// TrackActions - what one can do with a track.
import { useSignal } from '@preact/signals';
import { Download, ListPlus, Pencil, Share, Trash2 } from 'lucide-preact';
import { useLocation } from 'wouter-preact';
import { t } from '../i18n/i18n';
import { echo, request } from '../lib/connection';
import { me } from '../lib/people';
import type { Track } from '../lib/protocol';
import { tame } from '../lib/tame';
import { enqueue } from '../player/state';
import { IconButton } from '../ui/Button';
import { Confirm } from '../ui/Dialog';
import { complain, notify } from '../ui/notices';
import { download } from './download';
import { EditDialog } from './EditDialog';
import { ShareDialog } from './ShareDialog';

type Open = 'share' | 'edit' | 'unpublish' | null;

export function TrackActions({ track }: { track: Track }) {
  const words = t().music;
  const open = useSignal<Open>(null);
  const [, go] = useLocation();
  const close = () => void (open.value = null);
  const title = tame(track.title);
  const isOwner = me.value?.id === track.userId;
  const mayUnpublish = isOwner || (me.value !== null && me.value.role !== 'user');

  async function unpublish() {
    try {
      await request('music', 'UNPUBLISH_TRACK', { id: track.id });
      go('/music', { replace: true });
      echo('music', 'UNPUBLISH_TRACK', track);
      notify(words.unpublished(title));
    } catch (error) {
      complain(error);
    }
  }
  return (
    <>
      <IconButton label={t().player.enqueue(title)} onClick={() => enqueue([track])}>
        <ListPlus size={20} aria-hidden />
      </IconButton>
      <IconButton label={words.share} aria-haspopup="dialog" onClick={() => void (open.value = 'share')}>
        <Share size={20} aria-hidden />
      </IconButton>
      <IconButton label={words.download} onClick={() => void download(track).catch(complain)}>
        <Download size={20} aria-hidden />
      </IconButton>
      {isOwner && (
        <IconButton label={words.edit} aria-haspopup="dialog" onClick={() => void (open.value = 'edit')}>
          <Pencil size={20} aria-hidden />
        </IconButton>
      )}
      {mayUnpublish && (
        <IconButton label={words.unpublish} aria-haspopup="dialog" onClick={() => void (open.value = 'unpublish')}>
          <Trash2 size={20} aria-hidden />
        </IconButton>
      )}
      {open.value === 'share' && <ShareDialog track={track} onClose={close} />}
      {open.value === 'edit' && <EditDialog track={track} onClose={close} />}
      {open.value === 'unpublish' && (
        <Confirm
          title={words.unpublish}
          text={words.unpublishAsk(title)}
          action={words.unpublish}
          onYes={() => void unpublish()}
          onClose={close}
        />
      )}
    </>
  );
}

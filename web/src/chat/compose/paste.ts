// SPDX-License-Identifier: MIT
//
// paste - what is pasted or dropped: files, tracks, and links to tracks of this site.
import { droppedTrack, TRACK_TYPE } from '../../player/drag';
import { trackOf } from '../text/links';
import { addFiles, addTrack } from './attachments';

/** Takes files and links to tracks; other text goes its usual way. A link to a moment stays as text as well. */
export function takePaste(e: ClipboardEvent, groupId: string): void {
  const files = [...(e.clipboardData?.files ?? [])];
  if (files.length > 0) {
    e.preventDefault();
    addFiles(groupId, files);
    return;
  }
  const track = trackOf(e.clipboardData?.getData('text/plain').trim() ?? '');
  if (!track) return;
  if (track.atMs === null) e.preventDefault();
  void addTrack(groupId, track.id);
}

/** Whether a drag holds something for a conversation. */
export function isForUs({ types }: DataTransfer): boolean {
  return types.includes('Files') || types.includes(TRACK_TYPE);
}

export function takeDrop(data: DataTransfer, groupId: string): void {
  const track = droppedTrack(data);
  if (track) void addTrack(groupId, track.id);
  else addFiles(groupId, [...data.files]);
}

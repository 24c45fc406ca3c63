// SPDX-License-Identifier: MIT
//
// drag - a track that is dragged: into a conversation of this page, or as a link to anywhere else.
import type { Track } from '../lib/protocol';

export const TRACK_TYPE = 'application/x-antiphon-track';

export type Dragged = Pick<Track, 'id' | 'title'>;

/** The address of a track's page, perhaps at a moment of it. */
export function linkOf(id: string, atMs: number | null = null): string {
  return `${location.origin}/#/music/t/${id}${atMs === null ? '' : `/${atMs}`}`;
}

export function dragTrack(e: DragEvent, { id, title }: Dragged): void {
  if (!e.dataTransfer) return;
  e.dataTransfer.setData(TRACK_TYPE, JSON.stringify({ id, title }));
  e.dataTransfer.setData('text/uri-list', linkOf(id));
  e.dataTransfer.setData('text/plain', linkOf(id));
  e.dataTransfer.effectAllowed = 'copyLink';
}

/** The track that is dropped; null when it is something else. */
export function droppedTrack(data: DataTransfer | null): Dragged | null {
  try {
    const { id, title } = JSON.parse(data?.getData(TRACK_TYPE) ?? '') as Partial<Dragged>;
    return typeof id === 'string' && typeof title === 'string' ? { id, title } : null;
  } catch {
    return null;
  }
}

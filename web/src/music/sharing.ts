// SPDX-License-Identifier: MIT
//
// sharing - what music asks of conversations, which know music and not the other way round: chat puts itself here.
import type { Track } from '../lib/protocol';

export interface Conversation {
  groupId: string;
  name: string;
}

export interface Sharing {
  /** One's conversations, the most recent first. */
  conversations: () => readonly Conversation[];
  /** Sends a message with tracks; it waits when the server is out of reach. */
  send: (groupId: string, text: string, tracks: readonly Track[]) => Promise<void>;
  /** The direct conversation with somebody, begun when there is none: its group's id. */
  directWith: (userId: string) => Promise<string>;
}

let chat: Sharing | null = null;

export function provideSharing(sharing: Sharing): void {
  chat = sharing;
}

export const sharing = (): Sharing | null => chat;

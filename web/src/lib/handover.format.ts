// SPDX-License-Identifier: MIT
//
// handover.format - what page and service worker agree on: where the messages lie, what they look like.
import type { MessageSent } from './protocol';

/** The cache that holds them, under `/`; the tag of the synchronisation that sends them. */
export const HANDOVER = 'antiphon-outbox';

export interface Handover {
  token: string;
  messages: MessageSent[];
}

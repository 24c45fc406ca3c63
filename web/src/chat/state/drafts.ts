// SPDX-License-Identifier: MIT
//
// drafts - what was begun to be written in each conversation.
import { myId } from '../../lib/people';

export interface Draft {
  text: string;
  /** The message that it answers. */
  replyTo: string | null;
}

const keyOf = (groupId: string) => `antiphon.draft.${myId.peek()}.${groupId}`;

export function readDraft(groupId: string): Draft {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(groupId)) ?? 'null') as Partial<Draft> | null;
    return { text: typeof kept?.text === 'string' ? kept.text : '', replyTo: kept?.replyTo ?? null };
  } catch {
    return { text: '', replyTo: null };
  }
}

export function keepDraft(groupId: string, draft: Draft): void {
  try {
    if (draft.text === '' && draft.replyTo === null) localStorage.removeItem(keyOf(groupId));
    else localStorage.setItem(keyOf(groupId), JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing.
  }
}

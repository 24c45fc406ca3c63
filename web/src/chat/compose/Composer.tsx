// SPDX-License-Identifier: MIT
//
// Composer - where one writes: text, files and tracks; with completion, and what was begun before.
import { useSignal, useSignalEffect } from '@preact/signals';
import { Paperclip, SendHorizontal, SmilePlus } from 'lucide-preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../../i18n/i18n';
import { myId } from '../../lib/people';
import { type Group, MAX_MESSAGE_SENT_MESSAGE as MOST } from '../../lib/protocol';
import { IconButton } from '../../ui/Button';
import { lazy } from '../../ui/lazy';
import { groupName } from '../groupName';
import { keepDraft, readDraft } from '../state/drafts';
import { answering, composer, editing, lastSent } from '../state/focus';
import type { Conversation } from '../state/messages';
import { send } from '../state/sender';
import { typing } from '../state/typing';
import { addFiles, attachmentsOf, clearAttachments, ready } from './attachments';
import { AttachmentList } from './AttachmentList';
import { completed } from './complete';
import { Completion } from './Completion';
import css from './Composer.module.css';
import { grow } from './grow';
import { takePaste } from './paste';
import { Replying } from './Replying';
import { useCompletion } from './useCompletion';

const EmojiPicker = lazy(() => import('../panels/EmojiPicker').then((m) => m.EmojiPicker));

/** On a phone's keyboard Enter breaks the line: there is no Shift to hold. */
const isCoarse = () => matchMedia('(pointer: coarse)').matches;

/** Edits the newest message of one's own that is there. */
function editLast(c: Conversation): boolean {
  const mine = [...c.messages.values()].filter((one) => one.userId === myId.peek() && one.deletedAt === null);
  const last = mine.sort((a, b) => b.seq - a.seq)[0];
  if (last) editing.value = last.messageId;
  return last !== undefined;
}

function useDraft(groupId: string) {
  const text = useSignal(readDraft(groupId).text);
  useEffect(() => {
    answering.value = readDraft(groupId).replyTo;
  }, []);
  useSignalEffect(() => keepDraft(groupId, { text: text.value, replyTo: answering.value }));
  return text;
}

export function Composer({ group, conversation }: { group: Group; conversation: Conversation }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const text = useDraft(group.id);
  const cursor = useRef<number | null>(null);
  const isPicking = useSignal(false);
  const waitsForFiles = useSignal(false);
  const listId = useId();
  const { files, tracks } = attachmentsOf(group.id);
  const excess = text.value.length > MOST ? Array.from(text.value).length - MOST : 0;
  const hasSomething = text.value.trim() !== '' || files.value.length > 0 || tracks.value.length > 0;

  const replace = (next: { text: string; cursor: number }) => {
    text.value = next.text;
    cursor.current = next.cursor;
  };
  const completion = useCompletion(group, (begun, { by }) =>
    replace(completed(text.peek(), area.current?.selectionStart ?? text.peek().length, begun, by)),
  );
  const submit = () => {
    if (!hasSomething || excess > 0) return;
    const carried = ready(group.id);
    waitsForFiles.value = carried === null;
    if (!carried) return;
    const message = text.peek().trim() || (carried.files[0]?.fileName ?? carried.tracks[0]?.title ?? '');
    send({ groupId: group.id, message, replyTo: answering.peek(), ...carried });
    lastSent.value = { groupId: group.id };
    clearAttachments(group.id);
    text.value = '';
    answering.value = null;
    completion.close();
  };
  useSignalEffect(() => {
    if (waitsForFiles.value && ready(group.id)) submit();
  });
  useEffect(() => {
    composer.focus = () => area.current?.focus();
    if (!isCoarse()) area.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    grow(area.current);
    if (cursor.current !== null) area.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  }, [text.value]);

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.isComposing || completion.take(e)) return;
    if (e.key === 'Enter' && !e.shiftKey && !isCoarse()) {
      e.preventDefault();
      submit();
    } else if (e.key === 'ArrowUp' && text.value === '' && editLast(conversation)) e.preventDefault();
    else if (e.key === 'Escape') answering.value = null;
  };
  const options = completion.options.value;
  const name = groupName(group);
  return (
    <form
      class={css.composer}
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      {options.length > 0 && (
        <Completion id={listId} options={options} chosen={completion.chosen.value} onChoose={completion.choose} />
      )}
      <Replying group={group} />
      <AttachmentList groupId={group.id} />
      <div class={css.line}>
        <IconButton label={t().chat.addFiles} onClick={() => picker.current?.click()}>
          <Paperclip size={19} aria-hidden />
        </IconButton>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(e) => {
            addFiles(group.id, [...(e.currentTarget.files ?? [])]);
            e.currentTarget.value = '';
            area.current?.focus();
          }}
        />
        <textarea
          ref={area}
          class={css.area}
          rows={1}
          dir="auto"
          placeholder={t().chat.write(name)}
          aria-label={t().chat.write(name)}
          aria-controls={options.length > 0 ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={options.length > 0 ? `${listId}-${completion.chosen.value}` : undefined}
          value={text.value}
          onInput={(e) => {
            text.value = e.currentTarget.value;
            waitsForFiles.value = false;
            completion.look(e.currentTarget);
            if (e.currentTarget.value !== '') typing(group.id);
          }}
          onKeyDown={onKeyDown}
          onBlur={completion.close}
          onPaste={(e) => takePaste(e, group.id)}
        />
        <IconButton label={t().chat.addEmoji} onClick={() => (isPicking.value = true)}>
          <SmilePlus size={19} aria-hidden />
        </IconButton>
        <button
          type="submit"
          class={css.send}
          aria-label={t().chat.send}
          title={t().chat.send}
          disabled={!hasSomething || excess > 0}
        >
          <SendHorizontal size={19} aria-hidden />
        </button>
      </div>
      <p class="problem" role="status">
        {excess > 0 ? t().chat.tooLong(excess) : waitsForFiles.value && t().chat.waitsForFiles}
      </p>
      {isPicking.value && (
        <EmojiPicker
          onClose={() => (isPicking.value = false)}
          onChoose={({ emoji }) => {
            const at = area.current?.selectionStart ?? text.value.length;
            replace({ text: text.value.slice(0, at) + emoji + text.value.slice(at), cursor: at + emoji.length });
          }}
        />
      )}
    </form>
  );
}

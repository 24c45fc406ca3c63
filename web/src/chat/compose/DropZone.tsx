// SPDX-License-Identifier: MIT
//
// DropZone - files and tracks that are dropped anywhere on a conversation go into its next message.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from '../../i18n/i18n';
import { composer } from '../state/focus';
import css from './DropZone.module.css';
import { isForUs, takeDrop } from './paste';

export function DropZone({ groupId, children }: { groupId: string; children: ComponentChildren }) {
  const isOver = useSignal(false);
  const depth = useRef(0); // elements that were entered and not left
  const end = () => {
    depth.current = 0;
    isOver.value = false;
  };
  const ours = (e: DragEvent) => e.dataTransfer !== null && isForUs(e.dataTransfer);
  return (
    <div
      class={`layout ${css.zone}`}
      onDragEnter={(e) => {
        if (!ours(e)) return;
        depth.current++;
        isOver.value = true;
      }}
      onDragLeave={(e) => {
        if (ours(e) && --depth.current <= 0) end();
      }}
      onDragOver={(e) => {
        if (ours(e)) e.preventDefault();
      }}
      onDrop={(e) => {
        if (!ours(e) || !e.dataTransfer) return;
        e.preventDefault();
        end();
        takeDrop(e.dataTransfer, groupId);
        composer.focus();
      }}
    >
      {children}
      {isOver.value && <p class={css.hint}>{t().chat.dropHere}</p>}
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// PublishPage - from files to tracks: choose or drop some, look at what was read from them, publish.
import { useSignal } from '@preact/signals';
import { Upload } from 'lucide-preact';
import { t } from '../i18n/i18n';
import { Button } from '../ui/Button';
import { FileButton } from '../ui/FileButton';
import { PageHead } from '../ui/PageHead';
import { PublishCard } from './PublishCard';
import { add, cards, publishAll, waiting } from './publishing';
import css from './PublishPage.module.css';

function Choose() {
  const words = t().music;
  return (
    <FileButton class={css.choose} multiple accept="audio/*,.flac,.ogg,.oga,.opus,.m4a,.wav,.mp3" onFiles={add}>
      <Upload size={28} aria-hidden />
      <span class={css.call}>{words.chooseFiles}</span>
      <span class="soft">{words.orDrop}</span>
    </FileButton>
  );
}

export function PublishPage() {
  const words = t().music;
  const isOver = useSignal(false);
  const ready = waiting.value.length;
  const hasFiles = (e: DragEvent) => e.dataTransfer?.types.includes('Files') ?? false;
  return (
    <div
      class={isOver.value ? `layout ${css.over}` : 'layout'}
      onDragOver={(e) => {
        if (!hasFiles(e)) return;
        e.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={(e) => {
        if (!e.currentTarget.contains(e.relatedTarget as Node | null)) isOver.value = false;
      }}
      onDrop={(e) => {
        isOver.value = false;
        if (!hasFiles(e)) return;
        e.preventDefault();
        add(e.dataTransfer?.files ?? []);
      }}
    >
      <PageHead title={words.publishTitle}>
        {cards.value.length > 1 && (
          <Button kind="main" disabled={ready === 0} onClick={() => void publishAll()}>
            {words.publishAll(ready)}
          </Button>
        )}
      </PageHead>
      <div class="page">
        <div class="column">
          <Choose />
          <ul class={css.cards}>
            {cards.value.map((card) => (
              <PublishCard key={card.key} card={card} />
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// notices - short sentences at the edge of the page: what was done, what was refused. They go by themselves and are
// said to those who listen.
import { signal } from '@preact/signals';
import { X } from 'lucide-preact';
import { t } from '../i18n/i18n';
import { sentenceOf } from '../lib/refused';
import { IconButton } from './Button';
import css from './notices.module.css';

interface Notice {
  id: number;
  text: string;
  bad: boolean;
}

const MOST = 3;
const STAYS = 8000; // milliseconds

const notices = signal<readonly Notice[]>([]);
let last = 0;

function drop(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

function put(text: string, bad: boolean): void {
  const notice = { id: ++last, text, bad };
  notices.value = [...notices.value.filter((other) => other.text !== text), notice].slice(-MOST);
  setTimeout(() => drop(notice.id), STAYS);
}

/** Says that something was done. */
export function notify(text: string): void {
  put(text, false);
}

/** Says what was refused. */
export function complain(error: unknown): void {
  put(sentenceOf(error), true);
}

export function Notices() {
  return (
    <div class={css.stack} role="status">
      {notices.value.map(({ id, text, bad }) => (
        <div key={id} class={bad ? `${css.notice} ${css.bad}` : css.notice}>
          <p>{text}</p>
          <IconButton label={t().app.close} onClick={() => drop(id)}>
            <X size={18} aria-hidden />
          </IconButton>
        </div>
      ))}
    </div>
  );
}

// SPDX-License-Identifier: MIT
//
// notices - short sentences below the page: what was done, what was refused. They take room of their own, so that they
// cover nothing. They go by themselves and are
// said to those who listen: what was refused at once. An open dialog has them, as nothing outside of it is heard then.
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
const STAYS_MS = { done: 4000, refused: 8000 };

const notices = signal<readonly Notice[]>([]);
let last = 0;

function drop(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

function put(text: string, bad: boolean): void {
  const notice = { id: ++last, text, bad };
  notices.value = [...notices.value.filter((other) => other.text !== text), notice].slice(-MOST);
  setTimeout(() => drop(notice.id), bad ? STAYS_MS.refused : STAYS_MS.done);
}

/** Says that something was done. */
export function notify(text: string): void {
  put(text, false);
}

/** Says what was refused. */
export function complain(error: unknown): void {
  put(sentenceOf(error), true);
}

const dialogs = signal(0);

/** A dialog opens above all others, and is this one; `leave` when it closes. */
export function enterDialog(): number {
  return ++dialogs.value;
}

export function leaveDialog(): void {
  dialogs.value--;
}

function Line({ id, text, bad }: Notice) {
  return (
    <div class={bad ? `${css.notice} ${css.bad}` : css.notice}>
      <p>{text}</p>
      <IconButton label={t().app.close} onClick={() => drop(id)}>
        <X size={18} aria-hidden />
      </IconButton>
    </div>
  );
}

/** They stand in the dialog of this number, or on the page (0), as long as none is open above. */
export function Notices({ level = 0 }: { level?: number }) {
  const list = level === dialogs.value ? notices.value : [];
  const lines = (wanted: boolean) =>
    list.filter(({ bad }) => bad === wanted).map((one) => <Line key={one.id} {...one} />);
  return (
    <div class={css.stack}>
      <div role="alert">{lines(true)}</div>
      <div role="status">{lines(false)}</div>
    </div>
  );
}

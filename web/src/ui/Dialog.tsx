// SPDX-License-Identifier: MIT
//
// Dialog - a modal dialog by the browser's own: it keeps the focus within, ends by Escape or with
// its page, and gives the focus back.
import { X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { Button, IconButton } from './Button';
import css from './Dialog.module.css';
import { enterDialog, leaveDialog, Notices } from './notices';

export function Dialog({
  title,
  onClose,
  children,
  wide = false,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
}) {
  const frame = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [level, setLevel] = useState(-1);
  useEffect(() => {
    const dialog = frame.current;
    const before = document.activeElement;
    dialog?.showModal();
    setLevel(enterDialog());
    return () => {
      leaveDialog();
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  // Who goes back means the page, which cannot be seen.
  useEffect(() => {
    addEventListener('hashchange', onClose);
    return () => removeEventListener('hashchange', onClose);
  }, [onClose]);
  return (
    <dialog
      ref={frame}
      class={wide ? `${css.dialog} ${css.wide}` : css.dialog}
      aria-labelledby={heading}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onMouseDown={(e) => e.target === frame.current && onClose()}
    >
      <div class={css.sheet}>
        <div class={css.head}>
          <h2 id={heading}>{title}</h2>
          <IconButton label={t().app.close} onClick={onClose}>
            <X size={20} aria-hidden />
          </IconButton>
        </div>
        {children}
      </div>
      <Notices level={level} />
    </dialog>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm({
  title,
  text,
  action,
  onYes,
  onClose,
}: {
  title: string;
  text: string;
  /** What the button that does it says. */
  action: string;
  onYes: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <div class={css.foot}>
        <Button onClick={onClose}>{t().app.cancel}</Button>
        <Button
          kind="danger"
          onClick={() => {
            onClose();
            onYes();
          }}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

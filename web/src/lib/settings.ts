// SPDX-License-Identifier: MIT
//
// settings - what a person has set, kept on the server and alike on all their devices. A copy stays in the browser, so
// that a page begins with it; what is set while the server is out of reach goes there later.
import { effect, untracked } from '@preact/signals';
import { link, on, onData, request } from './connection';
import { myId } from './people';
import { isTransient, persist } from './retry';
import { stored } from './stored';

export interface Setting<T> {
  /** Followed where it is read. */
  readonly value: T;
  set(value: T): void;
}

type Values = Readonly<Record<string, unknown>>;

const takers = new Map<string, (value: unknown) => void>();
let onServer: Values = {};

/** Whose, and what. Another account of this browser does not get it; what nobody set yet, at the door, who signs in. */
const unsent = stored<{ userId: string; values: Values }>('antiphon.settings.unsent', { userId: '', values: {} });

/** A setting by its name, `otherwise` until it is set. What others have stored there counts only when it is valid. */
export function setting<T>(name: string, otherwise: T, isValid: (value: unknown) => value is T): Setting<T> {
  const copy = stored<T>(`antiphon.setting.${name}`, otherwise);
  const take = (value: unknown) => {
    copy.value = isValid(value) ? value : otherwise;
  };
  take(name in onServer ? onServer[name] : copy.peek());
  takers.set(name, take);
  return {
    get value() {
      return copy.value;
    },
    set(value) {
      copy.value = value;
      unsent.value = { userId: myId.peek(), values: { ...mine(), [name]: value } };
      void send();
    },
  };
}

/** One of these words. */
export function oneOf<T extends string>(...words: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => (words as readonly unknown[]).includes(value);
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function mine(): Values {
  const { userId, values } = unsent.peek();
  return userId === '' || userId === myId.peek() ? values : {};
}

let isSending = false;

/** Sends what waits, the newest value of each; what the server refuses for good is forgotten, it would refuse it again. */
async function send(): Promise<void> {
  if (isSending || link.peek() !== 'online') return;
  isSending = true;
  for (let next = Object.entries(mine())[0]; next; next = Object.entries(mine())[0]) {
    const [settingName, newValue] = next;
    try {
      await persist(
        () => request('chat', 'USER_SETTINGS_UPDATED', { settingName, newValue }),
        () => link.peek() === 'online' && mine()[settingName] === newValue,
      );
    } catch (error) {
      if (isTransient(error) && link.peek() !== 'online') break;
    }
    const { [settingName]: sent, ...rest } = mine();
    if (sent === newValue) unsent.value = { userId: myId.peek(), values: rest };
  }
  isSending = false;
}

function takeAll(settings: Values): void {
  onServer = { ...settings, ...mine() };
  for (const [name, take] of takers) take(onServer[name]);
}

onData('snapshot', ({ settings }) => takeAll(settings as Values));
on('chat', 'USER_SETTINGS_UPDATED', ({ settingName, newValue }) => {
  onServer = { ...onServer, [settingName]: newValue };
  takers.get(settingName)?.(newValue);
});
effect(() => {
  if (link.value === 'online') untracked(() => void send());
});

// SPDX-License-Identifier: MIT
//
// frames - what the server sends is taken in once a frame, in its order: a burst of messages costs the page one
// rendering a frame, not one a message.
import { batch } from '@preact/signals';

type Task = () => void;

const HIDDEN = 100; // milliseconds; a hidden page has no frames

let tasks: Task[] = [];
let isDue = false;

/** Does at once what waits for the frame. */
export function flush(): void {
  isDue = false;
  const due = tasks;
  tasks = [];
  batch(() => due.forEach((task) => task()));
}

/** Does it with the next frame. */
export function inFrame(task: Task): void {
  tasks.push(task);
  if (isDue) return;
  isDue = true;
  if (typeof document === 'undefined' || document.hidden) setTimeout(flush, HIDDEN);
  else {
    // A page that goes out of sight before its frame does not wait for it.
    const timer = setTimeout(flush, HIDDEN);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      // In a task of its own: the frame's holds what the messages before have to be scrolled and drawn.
      setTimeout(() => isDue && flush());
    });
  }
}

// SPDX-License-Identifier: MIT
//
// grow - a text area as high as its text; CSS says how high at most.
export function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.blockSize = 'auto';
  const border = area.offsetHeight - area.clientHeight;
  area.style.blockSize = `${area.scrollHeight + border}px`;
}

// SPDX-License-Identifier: MIT
//
// uuid - version 7 (RFC 9562): those made later sort behind those made before.
let lastMs = 0;
let count = 0;

export function uuid7(now = Date.now()): string {
  // Within one millisecond, and when the clock goes back, a counter keeps the order.
  count = now > lastMs ? 0 : count + 1;
  lastMs = Math.max(now, lastMs);
  if (count > 0xfff) {
    lastMs++;
    count = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
  const tail = [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = lastMs.toString(16).padStart(12, '0');
  const hex = `${time}7${count.toString(16).padStart(3, '0')}${tail}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

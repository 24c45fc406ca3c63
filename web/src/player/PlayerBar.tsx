// SPDX-License-Identifier: MIT
export function PlayerBar() {
  return <div class="page" />;
}

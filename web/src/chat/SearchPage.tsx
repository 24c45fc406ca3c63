// SPDX-License-Identifier: MIT
export function SearchPage() {
  return <div class="page" />;
}

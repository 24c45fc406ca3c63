// SPDX-License-Identifier: MIT
export function LibraryPage() {
  return <div class="page" />;
}

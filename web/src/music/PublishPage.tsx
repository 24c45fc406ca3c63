// SPDX-License-Identifier: MIT
export function PublishPage() {
  return <div class="page" />;
}

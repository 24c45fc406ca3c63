// SPDX-License-Identifier: MIT
export function Home() {
  return <div class="page" />;
}

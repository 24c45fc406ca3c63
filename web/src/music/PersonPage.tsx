// SPDX-License-Identifier: MIT
export function PersonPage({ userId }: { userId: string }) {
  return <div class="page">{userId}</div>;
}

// SPDX-License-Identifier: MIT
export function ChannelsPage() {
  return <div class="page" />;
}

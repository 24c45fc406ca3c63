// SPDX-License-Identifier: MIT
export function ConversationList() {
  return <div class="page" />;
}

// SPDX-License-Identifier: MIT
export function ConversationPage({ groupId, seq }: { groupId: string; seq: number | null }) {
  return (
    <div class="page">
      {groupId} {seq}
    </div>
  );
}

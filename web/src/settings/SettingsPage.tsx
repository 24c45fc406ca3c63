// SPDX-License-Identifier: MIT
export function SettingsPage({ section }: { section: string }) {
  return <div class="page">{section}</div>;
}

// SPDX-License-Identifier: MIT
export function TrackPage({ trackId, at }: { trackId: string; at: number | null }) {
  return (
    <div class="page">
      {trackId} {at}
    </div>
  );
}

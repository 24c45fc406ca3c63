// SPDX-License-Identifier: MIT
//
// neumes - which notes stand on a drawn cover: the digits of an id that are random, as pitches.
export interface Neume {
  x: number;
  y: number;
  /** How far its stem goes down, or up when negative; 0: it has none. */
  tail: number;
}

/** Six notes on a staff of four lines, of which the highest is at 12 and the lowest at 36; and the ink. */
export function neumes(id: string): { ink: 'lapis' | 'rubric'; notes: Neume[] } {
  const digits = Array.from(id.replaceAll('-', '').slice(-8).padStart(8, '0'), (digit) => parseInt(digit, 16) || 0);
  const [ink = 0, first = 0, ...rest] = digits;
  let pitch = first % 7;
  const notes = rest.map((digit, i) => {
    // Chant goes by steps, seldom by leaps, and stays on its lines.
    pitch = Math.min(6, Math.max(0, pitch + ((digit % 5) - 2)));
    const tail = digit < 4 ? (pitch < 3 ? 9 : -9) : 0;
    return { x: 3.5 + i * 7.2, y: 12 + pitch * 4, tail };
  });
  return { ink: ink % 2 === 0 ? 'lapis' : 'rubric', notes };
}

// SPDX-License-Identifier: MIT
//
// audio - audio files for stories of music: real ones with tags put in front, and short tones; and how to hear that a
// page plays.
import { must } from '../../scenario/lib/antiphon.mjs';

const synchsafe = (n) => Buffer.from([(n >> 21) & 127, (n >> 14) & 127, (n >> 7) & 127, n & 127]);

function frame(id, body) {
  const head = Buffer.alloc(10);
  head.write(id, 'latin1');
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

// UTF-16 with a byte order mark, as ID3v2.3 has it.
const text = (s) => Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(s, 'utf16le')]);

// An MP3 with an ID3v2.3 tag: title, artist, album, genre, year, and a picture (PNG bytes).
export function tagged(mp3, { title, artist, album, genre, year, picture }) {
  const frames = Buffer.concat([
    frame('TIT2', text(title)), frame('TPE1', text(artist)), frame('TALB', text(album)), frame('TCON', text(genre)), frame('TYER', text(year)),
    ...(picture ? [frame('APIC', Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), picture]))] : []),
  ]);
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), synchsafe(frames.length), frames, mp3]);
}

// A WAV with a tone: 8000 hertz, 8 bits, one channel.
export function tone(seconds, hertz = 440) {
  const n = Math.floor(8000 * seconds), b = Buffer.alloc(44 + n);
  b.write('RIFF');
  b.writeUInt32LE(36 + n, 4);
  b.write('WAVEfmt ', 8);
  b.writeUInt32LE(16, 16);
  b.writeUInt16LE(1, 20);
  b.writeUInt16LE(1, 22);
  b.writeUInt32LE(8000, 24);
  b.writeUInt32LE(8000, 28);
  b.writeUInt16LE(1, 32);
  b.writeUInt16LE(8, 34);
  b.write('data', 36);
  b.writeUInt32LE(n, 40);
  for (let i = 0; i < n; i++) b[44 + i] = 128 + Math.round(100 * Math.sin((2 * Math.PI * hertz * i) / 8000));
  return b;
}

// Publishes tones beside the page, one for each title; gives the tracks.
export async function publishTones(server, token, titles, { seconds = 20, ...fields } = {}) {
  const music = await server.connect('/music', token);
  await must(music, 'USER_CONNECT', {});
  const tracks = [];
  for (const title of titles) {
    const track = { title, artist: 'The Tones', durationMs: seconds * 1000, ...fields, audio: tone(seconds, 300 + tracks.length) };
    tracks.push((await must(music, 'PUBLISH_TRACK', track)).track);
  }
  return tracks;
}

// What the page's audio element does.
export const audioOf = (page) => page.evaluate(() => {
  const { currentTime, duration, paused, playbackRate, volume, muted, src } = document.querySelector('audio');
  return { currentTime, duration, paused, playbackRate, volume, muted, src };
});

// Waits until it plays beyond a moment, in seconds, and time goes on.
export async function hears(page, from = 0) {
  await page.waitForFunction((s) => { const a = document.querySelector('audio'); return !a.paused && a.currentTime > s; }, from);
  const { currentTime } = await audioOf(page);
  await page.waitForFunction((s) => document.querySelector('audio').currentTime > s + 0.2, currentTime);
}

// SPDX-License-Identifier: MIT
//
// picture - what a person chose as their picture, as a small square: a photograph of ten megabytes travels as ten
// kilobytes, and nothing of what else was in its file does. What was transparent stays so; browsers that do not write
// WebP write PNG instead.
const SIDE = 256; // pixels
const QUALITY = 0.85;

export class NoPicture extends Error {}

/** Throws NoPicture when the browser cannot show the file. */
export async function squareOf(file: Blob): Promise<Blob> {
  const whole = await createImageBitmap(file).catch(() => {
    throw new NoPicture();
  });
  const side = Math.min(whole.width, whole.height);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.min(SIDE, side);
  const context = canvas.getContext('2d');
  if (!context || side === 0) throw new NoPicture();
  context.imageSmoothingQuality = 'high';
  const [x, y] = [(whole.width - side) / 2, (whole.height - side) / 2];
  context.drawImage(whole, x, y, side, side, 0, 0, canvas.width, canvas.height);
  whole.close();
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => (blob ? resolve(blob) : reject(new NoPicture()));
    canvas.toBlob(done, 'image/webp', QUALITY);
  });
}

// Draws every icon of the app: the mark on a grid of 32, as in the screens.
//   node scripts/draw-icons.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { icns, ico, png } from './png.mjs';

const GRID = 32;
const SAMPLES = 4;
const BRASS = [0xb4, 0x53, 0x09];
const WHITE = [0xff, 0xff, 0xff];
const BLACK = [0, 0, 0];
const SLATE = [0x1e, 0x29, 0x3b];

function inPlate(x, y) {
  const [left, right, radius] = [2, 30, 8];
  if (x < left || x > right || y < left || y > right) return false;
  const cornerX = Math.min(Math.max(x, left + radius), right - radius);
  const cornerY = Math.min(Math.max(y, left + radius), right - radius);
  return (x - cornerX) ** 2 + (y - cornerY) ** 2 <= radius ** 2;
}

function inKeyhole(x, y) {
  if ((x - 16) ** 2 + (y - 13.25) ** 2 <= 4.75 ** 2) return true;
  if (y < 16 || y > 24.12) return false;
  const halfWidth = 2.05 + ((Math.min(y, 23.2) - 16) * (3.85 - 2.05)) / 7.2;
  return Math.abs(x - 16) <= halfWidth;
}

const inDot = (x, y, radius) => (x - 26) ** 2 + (y - 6) ** 2 <= radius ** 2;

/** The app's own: brass with a white keyhole. */
const appColor = (x, y) => (inPlate(x, y) ? (inKeyhole(x, y) ? WHITE : BRASS) : undefined);

/** The tray's: one colour, the keyhole cut out, and the dot set apart by a ring of nothing. */
const trayColor = (color, hasDot) => (x, y) => {
  if (hasDot && inDot(x, y, 7.5)) return inDot(x, y, 5.5) ? color : undefined;
  return inPlate(x, y) && !inKeyhole(x, y) ? color : undefined;
};

function draw(size, colorAt) {
  const pixels = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) pixels.set(pixel(size, x, y, colorAt), (y * size + x) * 4);
  }
  return png(size, pixels);
}

function pixel(size, x, y, colorAt) {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let sample = 0; sample < SAMPLES ** 2; sample++) {
    const sampleX = x + ((sample % SAMPLES) + 0.5) / SAMPLES;
    const sampleY = y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
    const color = colorAt((sampleX * GRID) / size, (sampleY * GRID) / size);
    if (color === undefined) continue;
    covered++;
    color.forEach((value, index) => {
      sum[index] += value;
    });
  }
  const color = sum.map((value) => (covered === 0 ? 0 : Math.round(value / covered)));
  return [...color, Math.round((255 * covered) / SAMPLES ** 2)];
}

const target = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
for (const folder of ['assets', 'build/icons']) mkdirSync(target(folder), { recursive: true });

const appImages = [16, 32, 48, 64, 128, 256, 512, 1024].map((size) => {
  return { size, content: draw(size, appColor) };
});
const images = (...sizes) => appImages.filter(({ size }) => sizes.includes(size));
for (const { size, content } of images(16, 32, 48, 64, 128, 256, 512)) {
  writeFileSync(target(`build/icons/${size}x${size}.png`), content);
}
writeFileSync(target('build/icon.ico'), ico(images(16, 32, 48, 64, 128, 256)));
writeFileSync(target('build/icon.icns'), icns(images(16, 32, 64, 128, 256, 512, 1024)));

for (const [tone, color] of [
  ['Template', BLACK],
  ['-dark', SLATE],
  ['-light', WHITE],
]) {
  for (const [state, hasDot] of [
    ['', false],
    ['-attention', true],
  ]) {
    writeFileSync(target(`assets/tray${state}${tone}.png`), draw(16, trayColor(color, hasDot)));
    writeFileSync(target(`assets/tray${state}${tone}@2x.png`), draw(32, trayColor(color, hasDot)));
  }
}

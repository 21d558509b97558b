import { expect, test } from 'vitest';
import { TestClock } from '../support/desktop-clock.js';
import { DesktopCore } from '../support/desktop-core.js';

test('a copied secret is off the clipboard after 60 seconds', async () => {
  const clock = new TestClock();
  await using desktop = await DesktopCore.start({ clock });
  await desktop.core.answers.copySecret('lkp_secret');
  clock.advance(59_999);
  expect(desktop.clipboardText).toBe('lkp_secret');
  clock.advance(1);
  await Promise.resolve();
  expect(desktop.clipboardText).toBe('');
});

test('what was copied since stays', async () => {
  const clock = new TestClock();
  await using desktop = await DesktopCore.start({ clock });
  await desktop.core.answers.copySecret('lkp_secret');
  await desktop.core.answers.copyText('docker login');
  clock.advance(60_000);
  await Promise.resolve();
  expect(desktop.clipboardText).toBe('docker login');
});

test('quitting takes the secret off the clipboard', async () => {
  await using desktop = await DesktopCore.start();
  await desktop.core.answers.copySecret('lkp_secret');
  await desktop.core.stop();
  expect(desktop.clipboardText).toBe('');
});

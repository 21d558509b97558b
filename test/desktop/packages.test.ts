import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LinuxPackager, Packager, Platform, type Target } from 'electron-builder';
import { expect, test } from 'vitest';

const OUTPUT = fileURLToPath(
  new URL('../../node_modules/.cache/packages-for-tests', import.meta.url),
);

/** Goes as far as a build can without Electron: each target says whether it has what it demands. */
class CheckingPackager extends LinuxPackager {
  readonly checked: string[] = [];
  override async pack(_directory: string, _arch: unknown, targets: readonly Target[]) {
    for (const target of targets) {
      await target.checkOptions();
      this.checked.push(target.name);
    }
  }
}

test('the targets for Linux have the maintainer and the homepage that they demand', async () => {
  let checking: CheckingPackager | undefined;
  const packager = new Packager({
    projectDir: fileURLToPath(new URL('../../packages/desktop', import.meta.url)),
    targets: Platform.LINUX.createTarget(),
    config: { extends: 'electron-builder.config.mjs', directories: { output: OUTPUT } },
    platformPackagerFactory: (info) => {
      checking = new CheckingPackager(info);
      return checking;
    },
  });
  await packager.build();
  await rm(OUTPUT, { recursive: true, force: true });
  expect(checking?.checked).toEqual(['appImage', 'deb']);
});

import { createRequire } from 'node:module';

const { version: electronVersion } = createRequire(import.meta.url)('electron/package.json');

/**
 * How the app is packed. Everything that runs is bundled into `dist`, so no `node_modules` is packed.
 * @type {import('electron-builder').Configuration}
 */
export default {
  electronVersion,
  appId: 'io.latchkey.desktop',
  productName: 'Latchkey',
  copyright: 'The Latchkey authors. Apache License 2.0',
  directories: { output: 'release', buildResources: 'build' },
  files: [
    'dist/main/main.cjs',
    'dist/preload/preload.cjs',
    'dist/credential-helpers/*.cjs',
    'dist/renderer/**',
    'assets/**',
  ],
  asar: true,
  // Nothing native is in it, so nothing has to be compiled.
  npmRebuild: false,
  publish: null,
  electronLanguages: ['en', 'en-US'],
  electronFuses: {
    // The signed program runs this app and nothing else: not as Node, not under a debugger, not with other files.
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: [{ target: 'AppImage' }, { target: 'deb' }],
    icon: 'build/icons',
    category: 'Utility',
    synopsis: 'Personal access tokens that live with your session',
    executableName: 'latchkey-desktop',
  },
  deb: { recommends: ['curl', 'gnome-keyring | kwalletmanager'] },
  mac: {
    target: [
      { target: 'dmg', arch: ['x64', 'arm64'] },
      { target: 'zip', arch: ['x64', 'arm64'] },
    ],
    icon: 'build/icon.icns',
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
  },
  win: {
    target: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
    icon: 'build/icon.ico',
  },
  nsis: { oneClick: true, perMachine: false, deleteAppDataOnUninstall: true },
};

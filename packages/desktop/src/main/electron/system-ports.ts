import { hostname, platform } from 'node:os';
import { LIMITS } from '@latchkey/shared';
import { app, clipboard, Notification, safeStorage } from 'electron';
import type { AppInfo } from '../../ipc/contract.js';
import type { SystemNotices } from '../notices/notice-board.js';
import type { Clipboard } from '../secret-clipboard.js';
import type { Keychain } from '../secrets/secret-file.js';

/** On Linux these encrypt with a key that anybody has, or do not know yet: as good as no keychain. */
const NO_KEYCHAIN = new Set(['basic_text', 'unknown']);

export const systemKeychain: Keychain = {
  async isAvailable() {
    if (process.platform === 'linux' && NO_KEYCHAIN.has(safeStorage.getSelectedStorageBackend())) {
      return false;
    }
    return safeStorage.isAsyncEncryptionAvailable();
  },
  encrypt: (text) => safeStorage.encryptStringAsync(text),
  decrypt: async (encrypted) => (await safeStorage.decryptStringAsync(encrypted)).result,
};

/** Held while they are on the screen: one that is collected hears no click. */
const shownNotices = new Set<Notification>();

export const systemNotices: SystemNotices = {
  show({ title, body }, onClick) {
    if (!Notification.isSupported()) return false;
    const notification = new Notification({ title, body });
    shownNotices.add(notification);
    notification.on('click', onClick);
    notification.on('close', () => shownNotices.delete(notification));
    notification.show();
    return true;
  },
};

export const systemClipboard: Clipboard = {
  readText: () => clipboard.readText(),
  writeText: (text) => clipboard.writeText(text),
  clear: () => clipboard.clear(),
};

export function appInfo(): Omit<AppInfo, 'deviceId'> {
  return {
    name: app.name,
    version: app.getVersion(),
    platform: platform(),
    electronVersion: process.versions.electron ?? '',
    chromiumVersion: process.versions.chrome ?? '',
    deviceName: hostname().slice(0, LIMITS.deviceNameMaxLength) || 'This machine',
  };
}

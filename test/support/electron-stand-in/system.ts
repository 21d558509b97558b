import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Clipboard,
  Dialog,
  Tray as ElectronTray,
  MenuItemConstructorOptions,
  MessageBoxSyncOptions,
  NativeImage,
  NativeTheme,
  PowerMonitor,
  SafeStorage,
  Shell,
} from 'electron';
import { emitterPart, incomplete } from './incomplete.js';

/** A keychain where `ELECTRON_STAND_IN_KEYCHAIN` is set, and none (`basic_text`) otherwise. It shows nothing of a real one. */
export function createSafeStorage(userData: string): SafeStorage {
  const key = (): Buffer => {
    const path = join(userData, 'stand-in.key');
    try {
      return readFileSync(path);
    } catch {
      writeFileSync(path, randomBytes(32));
      return readFileSync(path);
    }
  };
  return incomplete('safeStorage', {
    getSelectedStorageBackend: () =>
      process.env.ELECTRON_STAND_IN_KEYCHAIN === undefined ? 'basic_text' : 'gnome_libsecret',
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text: string) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key(), nonce);
      const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), content]);
    },
    decryptStringAsync: async (encrypted: Buffer) => {
      const decipher = createDecipheriv('aes-256-gcm', key(), encrypted.subarray(0, 12));
      decipher.setAuthTag(encrypted.subarray(12, 28));
      const text = Buffer.concat([decipher.update(encrypted.subarray(28)), decipher.final()]);
      return { result: text.toString('utf8'), shouldReEncrypt: false };
    },
  } satisfies Partial<SafeStorage>) as SafeStorage;
}

/** A clipboard of its own: a test never touches that of the machine it runs on. */
export function createClipboard(): Clipboard {
  let content = '';
  return incomplete('clipboard', {
    readText: async () => content,
    writeText: async (text: string) => {
      content = text;
    },
    clear: () => {
      content = '';
    },
  } satisfies Partial<Clipboard>) as Clipboard;
}

/** Nobody is at the screen: every question is closed without an answer. */
export const dialog = incomplete<Dialog, 'showMessageBoxSync'>('dialog', {
  showMessageBoxSync: (_window: unknown, options?: MessageBoxSyncOptions) => options?.cancelId ?? 0,
});

export function createShell(): Shell {
  return incomplete<Shell, 'openExternal'>('shell', { openExternal: async () => undefined });
}

export const nativeTheme = incomplete('nativeTheme', {
  ...emitterPart<NativeTheme>().parts,
  shouldUseDarkColors: false,
} satisfies Partial<NativeTheme>) as NativeTheme;

export const powerMonitor = incomplete('powerMonitor', {
  ...emitterPart<PowerMonitor>().parts,
} satisfies Partial<PowerMonitor>) as PowerMonitor;

export const nativeImage = incomplete('nativeImage', {
  createFromPath: (path: string) => {
    // The image is not shown, but it has to be there.
    readFileSync(path);
    return incomplete<NativeImage, never>('NativeImage', {});
  },
});

export const Menu = incomplete('Menu', {
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => ({ template }),
  setApplicationMenu: () => undefined,
});

/** There is no tray to look at: what it says is `trayView`, which has tests of its own. */
export class Tray implements Pick<ElectronTray, 'setImage' | 'setToolTip' | 'setContextMenu'> {
  setImage(): void {}
  setToolTip(): void {}
  setContextMenu(): void {}
  on(): void {}
}

/** Shown by nobody, so that the window shows every notice itself. */
export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return false;
  }
  show(): void {}
}

import { z } from 'zod';
import type { SecretFile } from '../secrets/secret-file.js';

/** By the server's address. */
export const deviceKeysSchema = z.record(z.string(), z.string());

/**
 * What each server knows this device by, from its first sign-in there. It outlives the session: with it the owner signs
 * in while strangers who guess at the account are refused. Without a keychain it is forgotten when the app quits.
 */
export class DeviceKeys {
  readonly #file: SecretFile<Record<string, string>>;
  readonly #kept = new Map<string, string>();

  constructor(file: SecretFile<Record<string, string>>) {
    this.#file = file;
  }

  async of(serverAddress: string): Promise<string | undefined> {
    return this.#kept.get(serverAddress) ?? (await this.#file.read())?.[serverAddress];
  }

  async keep(serverAddress: string, key: string): Promise<void> {
    if ((await this.of(serverAddress)) === key) return;
    this.#kept.set(serverAddress, key);
    try {
      await this.#file.write({ ...(await this.#file.read()), ...Object.fromEntries(this.#kept) });
    } catch {
      // A full disk or a locked keychain: it is known for as long as the app runs.
    }
  }

  /** Resolves when what is to be kept is on disk. */
  settled(): Promise<void> {
    return this.#file.settled();
  }
}

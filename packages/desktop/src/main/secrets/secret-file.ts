import { readFile, rm } from 'node:fs/promises';
import type { z } from 'zod';
import { writeAtomically } from './atomic-file.js';

/** The system's keychain, as far as it is needed. */
export interface Keychain {
  /** False where there is none, or one that anybody could read (`basic_text`). */
  isAvailable(): Promise<boolean>;
  encrypt(text: string): Promise<Buffer>;
  decrypt(encrypted: Buffer): Promise<string>;
}

/**
 * One value on disk, encrypted by the system's keychain; without a keychain it is never written, and what an earlier
 * run left is removed. Reads and writes happen one after another.
 */
export class SecretFile<Value> {
  readonly #path: string;
  readonly #keychain: Keychain;
  readonly #schema: z.ZodType<Value>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, keychain: Keychain, schema: z.ZodType<Value>) {
    this.#path = path;
    this.#keychain = keychain;
    this.#schema = schema;
  }

  /** The value; undefined where there is none, or none that this keychain can open. */
  read(): Promise<Value | undefined> {
    return this.#inTurn(async () => {
      if (!(await this.#keychain.isAvailable())) return undefined;
      try {
        const text = await this.#keychain.decrypt(await readFile(this.#path));
        const parsed = this.#schema.safeParse(JSON.parse(text));
        return parsed.success ? parsed.data : undefined;
      } catch {
        // Absent, or locked by another keychain. It is left alone: the right keychain may be back next time.
        return undefined;
      }
    });
  }

  write(value: Value): Promise<void> {
    return this.#inTurn(async () => {
      if (await this.#keychain.isAvailable()) {
        await writeAtomically(this.#path, await this.#keychain.encrypt(JSON.stringify(value)));
      } else {
        await rm(this.#path, { force: true });
      }
    });
  }

  clear(): Promise<void> {
    return this.#inTurn(() => rm(this.#path, { force: true }));
  }

  /** Resolves when everything asked for so far is on disk. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

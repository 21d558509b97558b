import { hash, verify } from '@node-rs/argon2';
import { type QueuePlace, WorkQueue } from './work-queue.js';

/** OWASP's password storage figures for Argon2id: 19 MiB, two passes, one lane. */
const ARGON2 = {
  /** Argon2id. */
  algorithm: 2,
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
};
/** A hash takes some 25 ms of a core: the last of a full lane waits a few seconds. */
const QUEUE = { concurrent: 2, waitingPerLane: 100, waitingPerOwner: 25 };

interface Argon2 {
  hash(password: string, options: typeof ARGON2): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
}

/** What stands around the check of a password, within its turn: the next attempt sees how this one ended. */
export interface PasswordAttempt<Owner> {
  readonly place: QueuePlace;
  /** What it throws refuses the attempt before any work is done. */
  admit(): Promise<void>;
  /** Who has the password; null where nobody does. */
  findOwner(): Promise<Owner | null>;
  settle(matches: boolean): Promise<void>;
}

/** Hashes and checks passwords off the event loop, a bounded number at once. */
export class PasswordHasher {
  readonly #queue = new WorkQueue(QUEUE);
  readonly #decoy: Promise<string>;

  /** @param argon2 does the work. */
  constructor(private readonly argon2: Argon2 = { hash, verify }) {
    this.#decoy = argon2.hash('no account has this password', ARGON2);
  }

  /** @throws LatchkeyError RATE_LIMITED or UNAVAILABLE where too many wait already. */
  hash(password: string, place: QueuePlace): Promise<string> {
    return this.#queue.run(place, () => this.argon2.hash(normalize(password), ARGON2));
  }

  /**
   * Whose password it is, or undefined. Where nobody could have it, the answer is no after the same work: an unknown
   * username takes as long as a wrong password.
   * @throws LatchkeyError RATE_LIMITED or UNAVAILABLE where too many wait already.
   */
  verify<Owner extends { readonly passwordHash: string }>(
    password: string,
    attempt: PasswordAttempt<Owner>,
  ): Promise<Owner | undefined> {
    return this.#queue.run(attempt.place, async () => {
      await attempt.admit();
      const owner = await attempt.findOwner();
      const stored = owner?.passwordHash ?? (await this.#decoy);
      const matches = (await this.argon2.verify(stored, normalize(password))) && owner !== null;
      await attempt.settle(matches);
      return matches ? owner : undefined;
    });
  }
}

/** NFKC, so that one password typed on two keyboards is one password (NIST SP 800-63B, section 5.1.1.2). */
function normalize(password: string): string {
  return password.normalize('NFKC');
}

import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';

/** OWASP's password storage figures for Argon2id: 19 MiB, two passes, one lane. */
const ARGON2 = {
  /** Argon2id. */
  algorithm: 2,
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
};
const CONCURRENT = 2;
const WAITING_LIMIT = 1000;

/** What stands around the check of a password, within its turn: the next attempt sees how this one ended. */
export interface AttemptGate {
  /** What it throws refuses the attempt before any work is done. */
  admit(): Promise<void>;
  settle(matches: boolean): Promise<void>;
}

/** Hashes and checks passwords off the event loop, a bounded number at once. */
export class PasswordHasher {
  readonly #limit = pLimit(CONCURRENT);
  readonly #decoy: Promise<string>;

  constructor() {
    this.#decoy = hash('no account has this password', ARGON2);
  }

  /** @throws LatchkeyError UNAVAILABLE where too many wait already. */
  hash(password: string): Promise<string> {
    return this.#run(() => hash(normalize(password), ARGON2));
  }

  /**
   * Whether `password` belongs to `stored`. Without a stored hash the answer is no, after the same work: an unknown
   * username takes as long as a wrong password.
   */
  verify(stored: string | undefined, password: string, gate: AttemptGate): Promise<boolean> {
    return this.#run(async () => {
      await gate.admit();
      const matches =
        (await verify(stored ?? (await this.#decoy), normalize(password))) && stored !== undefined;
      await gate.settle(matches);
      return matches;
    });
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#limit.pendingCount >= WAITING_LIMIT) {
      throw new LatchkeyError(
        ErrorCode.UNAVAILABLE,
        'Too many sign-ins are waiting. Try again in a few seconds.',
        { retryAfterSeconds: 5 },
      );
    }
    return this.#limit(work);
  }
}

/** NFKC, so that one password typed on two keyboards is one password (NIST SP 800-63B, section 5.1.1.2). */
function normalize(password: string): string {
  return password.normalize('NFKC');
}

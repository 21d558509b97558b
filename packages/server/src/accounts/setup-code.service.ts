import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { MakeRateLimiter } from '../cluster/rate-limiter.js';
import { rateLimited } from '../cluster/throttle.js';
import { MINUTE_MS, SECOND_MS } from '../core/clock.js';
import { networkOf, siteOf } from '../core/network.js';
import { digestOf } from '../crypto/secret.js';
import type { Database, Transaction } from '../database/database.js';
import { SetupCode } from '../database/entities/setup-code.entity.js';

/** What is left to do on a new server. */
export interface Setup {
  /** Whether there is no account yet. */
  readonly required: boolean;
  /** By which the first one is made; undefined where none is needed, or the configuration has it. */
  readonly code: string | undefined;
}

/** 80 random bits. */
const CODE_BYTES = 10;
const WRONG_CODES = 10;
const EXISTS = 'SELECT 1 FROM setup_codes WHERE digest = ?';

/**
 * The code by which the first account is made, so that the administrator is who started the server, and not who reached
 * it first. Each start until then makes one; all of them are good on every server of the database until one is used.
 */
export class SetupCodeService {
  readonly #wrong: RateLimiterAbstract;

  /** @param configured takes the place of those that are made. */
  constructor(
    private readonly database: Database,
    private readonly configured: string | undefined,
    makeLimiter: MakeRateLimiter,
  ) {
    const durationSeconds = (15 * MINUTE_MS) / SECOND_MS;
    this.#wrong = makeLimiter({ name: 'setup-codes', points: WRONG_CODES, durationSeconds });
  }

  /** Whether there is no account yet: the next sign-up makes the administrator, and needs a code. */
  async required(): Promise<boolean> {
    return (await this.database.sql.get('SELECT 1 FROM accounts LIMIT 1')) === undefined;
  }

  /** A new code, to be shown to who starts the server. */
  async issue(): Promise<Setup> {
    if (!(await this.required())) return { required: false, code: undefined };
    if (this.configured !== undefined) return { required: true, code: undefined };
    const code = randomBytes(CODE_BYTES).toString('hex');
    await this.database.transaction(({ manager }) =>
      manager.insert(SetupCode, { digest: digestOf(code) }),
    );
    return { required: true, code };
  }

  /**
   * Checks the code of a first sign-up; wrong ones are counted by network, and by site on IPv6.
   * @throws LatchkeyError VALIDATION_FAILED where it is missing or wrong, RATE_LIMITED
   */
  async check(code: string | undefined, ipAddress: string): Promise<void> {
    const given = code?.trim() ?? '';
    if (given === '') throw setupCodeProblem('The first account needs the set-up code.');
    const key = siteOf(ipAddress) ?? networkOf(ipAddress);
    const state = await this.#wrong.get(key);
    if (state !== null && state.consumedPoints >= WRONG_CODES) {
      throw rateLimited('Too many wrong set-up codes.', state.msBeforeNext);
    }
    if (await this.#isGood(given)) return;
    await this.#wrong.penalty(key);
    throw setupCodeProblem('This is not the set-up code.');
  }

  /** Within the transaction that makes the first account: what was printed is worth nothing any more. */
  async discard({ sql }: Transaction): Promise<void> {
    await sql.run('DELETE FROM setup_codes');
  }

  /** By digests: how far a wrong code agrees with the right one cannot be told by the time that it takes. */
  async #isGood(code: string): Promise<boolean> {
    const digest = digestOf(code);
    if (this.configured === undefined) {
      return (await this.database.sql.get(EXISTS, [digest])) !== undefined;
    }
    return timingSafeEqual(Buffer.from(digest), Buffer.from(digestOf(this.configured)));
  }
}

/** @param problem a whole sentence. */
export function setupCodeProblem(problem: string): LatchkeyError {
  const message = `${problem} The server prints it when it starts, unless LATCHKEY_SETUP_CODE sets it.`;
  return new LatchkeyError(ErrorCode.VALIDATION_FAILED, message, {
    fields: [{ path: 'input.setupCode', message }],
  });
}

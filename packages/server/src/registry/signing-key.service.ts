import { createPrivateKey, type JsonWebKey, X509Certificate } from 'node:crypto';
import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { MoreThan } from 'typeorm';
import { type Clock, MINUTE_MS, SECOND_MS } from '../core/clock.js';
import { requireValid } from '../core/validation.js';
import type { Database } from '../database/database.js';
import { SigningKey } from '../database/entities/signing-key.entity.js';
import { type JwtSigner, jwtSigner, publicJwk } from './json-web-token.js';
import { makeSigningKey } from './key-maker.js';

/** A superseded key stays published until the last token that it signed has ended, leeway included. */
const RETIREMENT_MS = 10 * MINUTE_MS;
/** Other servers on the same database learn of a rotation this soon; a new key waits longer before it signs. */
const REREAD_MS = 10 * SECOND_MS;
const ACTIVATION_MIN_SECONDS = MINUTE_MS / SECOND_MS;
const ACTIVATION_MAX_SECONDS = 90 * 24 * 60 * 60;

/** `NEXT` is published and waits to sign; `RETIRING` signs no more, and its last tokens are about to end. */
export const SigningKeyStatus = { NEXT: 'NEXT', SIGNING: 'SIGNING', RETIRING: 'RETIRING' } as const;
export type SigningKeyStatus = (typeof SigningKeyStatus)[keyof typeof SigningKeyStatus];

export interface PublishedKey {
  readonly key: SigningKey;
  readonly status: SigningKeyStatus;
}

/** The keys that sign registry tokens: made once, kept in the database, replaced with an overlap. */
export class SigningKeyService {
  #keys: { readonly rows: readonly SigningKey[]; readonly readAt: number } | undefined;
  readonly #signers = new Map<string, JwtSigner>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Makes the first key where there is none. */
  async ensure(): Promise<void> {
    if ((await this.#read()).length > 0) return;
    const now = this.clock.now();
    const key = await makeSigningKey(now, now);
    await this.database.transaction(async ({ manager, lockSigningKeys }) => {
      await lockSigningKeys();
      if ((await manager.count(SigningKey)) === 0) await manager.insert(SigningKey, key);
    });
    this.#keys = undefined;
  }

  /** The key that signs now. */
  async current(): Promise<JwtSigner> {
    const { kid, privateKey } = this.#currentOf(await this.#read());
    const signer = this.#signers.get(kid) ?? jwtSigner(createPrivateKey(privateKey), kid);
    this.#signers.set(kid, signer);
    return signer;
  }

  /** Every key that a registry should know, the one that signs now first. */
  async published(): Promise<SigningKey[]> {
    return (await this.list()).map(({ key }) => key);
  }

  /** Every key that is published, the one that signs now first; none where no registry was ever configured. */
  async list(): Promise<PublishedKey[]> {
    const rows = await this.#read();
    if (rows.length === 0) return [];
    const now = this.clock.now();
    const current = this.#currentOf(rows);
    const others = rows.flatMap((key, index): PublishedKey[] => {
      if (key.activeFrom > now) return [{ key, status: 'NEXT' }];
      const successor = rows[index - 1];
      const isRetiring = successor && successor.activeFrom > now - RETIREMENT_MS;
      return key !== current && isRetiring ? [{ key, status: 'RETIRING' }] : [];
    });
    return [{ key: current, status: 'SIGNING' }, ...others];
  }

  /** The public keys (RFC 7517, section 5). */
  async jwks(): Promise<{ keys: JsonWebKey[] }> {
    const keys = (await this.published()).map(({ kid, certificate }) =>
      publicJwk(new X509Certificate(certificate).publicKey, kid),
    );
    return { keys };
  }

  /** The certificates in PEM, for a registry's `rootcertbundle`. */
  async certificates(): Promise<string> {
    return (await this.published()).map(({ certificate }) => `${certificate.trim()}\n`).join('');
  }

  /**
   * Makes the next key. It is published at once and signs once `activateAfterSeconds` have passed: until then every
   * registry has to be given the new certificate or key set. A key that waits to take over later gives way: an operator who cannot wait
   * for it has a reason, such as a backup that got away and holds it too.
   * @throws LatchkeyError VALIDATION_FAILED, CONFLICT where a next key takes over before then
   */
  async rotate(activateAfterSeconds: number): Promise<PublishedKey> {
    requireValid(['activateAfterSeconds', activationProblem(activateAfterSeconds)]);
    const now = this.clock.now();
    const next = await makeSigningKey(now, now + activateAfterSeconds * SECOND_MS);
    await this.database.transaction(async ({ manager, lockSigningKeys }) => {
      await lockSigningKeys();
      const waiting = await manager.findBy(SigningKey, { activeFrom: MoreThan(now) });
      if (waiting.some((key) => key.activeFrom <= next.activeFrom)) throw alreadyRotating();
      for (const { kid } of waiting) await manager.delete(SigningKey, { kid });
      await manager.insert(SigningKey, next);
    });
    this.#keys = undefined;
    return { key: next, status: 'NEXT' };
  }

  /** Newest first. */
  async #read(): Promise<readonly SigningKey[]> {
    const now = this.clock.now();
    if (this.#keys === undefined || Math.abs(now - this.#keys.readAt) >= REREAD_MS) {
      const order = { activeFrom: 'DESC', kid: 'ASC' } as const;
      const rows = await this.database.manager.find(SigningKey, { order });
      this.#keys = { rows, readAt: now };
    }
    return this.#keys.rows;
  }

  #currentOf(rows: readonly SigningKey[]): SigningKey {
    const now = this.clock.now();
    const current = rows.find((key) => key.activeFrom <= now) ?? rows.at(-1);
    if (current === undefined) throw new Error('There is no key that signs registry tokens.');
    return current;
  }
}

function activationProblem(seconds: number): string | undefined {
  if (seconds >= ACTIVATION_MIN_SECONDS && seconds <= ACTIVATION_MAX_SECONDS) return undefined;
  return `A new key signs after ${ACTIVATION_MIN_SECONDS} to ${ACTIVATION_MAX_SECONDS} seconds.`;
}

function alreadyRotating(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.CONFLICT,
    'A new key takes over before then already. Rotate again once it signs.',
  );
}

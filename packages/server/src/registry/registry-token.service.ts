import { randomUUID } from 'node:crypto';
import { type Clock, SECOND_MS } from '../core/clock.js';
import { signJwt } from './json-web-token.js';
import type { ResourceAccess } from './resource-scope.js';
import type { SigningKeyService } from './signing-key.service.js';

/** How long a registry lets its bearer in after the token behind it may have been removed. */
const LIFETIME_SECONDS = 300;
/** Clients raise anything shorter to this. */
const LIFETIME_MIN_SECONDS = 60;

export interface RegistrySettings {
  /** What the registry calls itself: the tokens' audience. */
  readonly service: string;
  /** Whose tokens the registry takes. */
  readonly issuer: string;
}

export interface RegistryToken {
  readonly token: string;
  readonly issuedAt: number;
  readonly expiresInSeconds: number;
}

/** Signs what a registry takes as the word of Latchkey (the distribution specification's JWT). */
export class RegistryTokenService {
  constructor(
    private readonly keys: SigningKeyService,
    private readonly clock: Clock,
    private readonly settings: RegistrySettings,
  ) {}

  /**
   * @param subject the account's name; empty for nobody's.
   * @param endsAt when the token behind it ends of itself: the new one lives no longer than that, but a minute at least.
   */
  async issue(
    subject: string,
    access: readonly ResourceAccess[],
    endsAt: number | null,
  ): Promise<RegistryToken> {
    const signer = await this.keys.current();
    const issuedAt = Math.floor(this.clock.now() / SECOND_MS);
    const left = endsAt === null ? LIFETIME_SECONDS : Math.floor(endsAt / SECOND_MS) - issuedAt;
    const expiresInSeconds = Math.max(LIFETIME_MIN_SECONDS, Math.min(LIFETIME_SECONDS, left));
    const token = signJwt(signer, {
      access,
      iss: this.settings.issuer,
      sub: subject,
      aud: this.settings.service,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + expiresInSeconds,
      jti: randomUUID(),
    });
    return { token, issuedAt: issuedAt * SECOND_MS, expiresInSeconds };
  }
}

import { ErrorCode, LatchkeyError, secretKindOf } from '@latchkey/shared';
import type { AccountService } from '../../accounts/account.service.js';
import { foldUsername } from '../../accounts/username.js';
import type { Session } from '../../database/entities/session.entity.js';
import { Endpoint } from '../../database/entities/usage-event.js';
import { readAuthorization } from '../../http/authorization.js';
import type { Caller } from '../../http/caller.js';
import type { SessionService } from '../../sessions/session.service.js';
import type { AccessVerifier } from '../../verification/access-verifier.js';
import type { Credential } from '../context.js';

/** The GraphQL endpoint: finds out what a request was made with. */
export class CredentialReader {
  constructor(
    private readonly sessions: SessionService,
    private readonly verifier: AccessVerifier,
    private readonly accounts: AccountService,
  ) {}

  /**
   * @param authorization `Bearer` with a session's or a token's secret.
   * @param operationName stands in the token's use.
   */
  async read(
    authorization: string | undefined,
    caller: Caller,
    operationName?: string,
  ): Promise<Credential> {
    const offered = readAuthorization(authorization);
    if (offered === undefined) return { kind: 'none' };
    try {
      return secretKindOf(offered.secret) === 'SESSION'
        ? await this.#session(offered.secret, offered.username)
        : await this.#token(offered.secret, offered.username, caller, operationName);
    } catch (error) {
      if (error instanceof LatchkeyError) return { kind: 'refused', error };
      throw error;
    }
  }

  async #session(secret: string, username: string | undefined): Promise<Credential> {
    const session = await this.sessions.authenticate(secret);
    if (session !== undefined) {
      if (username !== undefined) await this.#requireOwner(session, username);
      return { kind: 'session', session, requireLive: () => this.sessions.requireLive(session.id) };
    }
    throw new LatchkeyError(
      ErrorCode.UNAUTHENTICATED,
      'This session does not exist. Sign in again.',
    );
  }

  /** HTTP Basic names an account, and the secret has to be that one's. */
  async #requireOwner({ accountId }: Session, username: string): Promise<void> {
    const account = await this.accounts.byId(accountId);
    if (account.username === foldUsername(username)) return;
    throw new LatchkeyError(
      ErrorCode.UNAUTHENTICATED,
      'This session does not belong to the account that was named beside it. Check the username.',
    );
  }

  async #token(
    secret: string,
    username: string | undefined,
    caller: Caller,
    operationName: string | undefined,
  ): Promise<Credential> {
    const decision = await this.verifier.verify(secret, {
      endpoint: Endpoint.GRAPHQL,
      scopes: 0,
      username,
      action: operationName,
      resource: '/graphql',
      ...caller,
    });
    if (!decision.allowed) throw refusal(decision);
    return { kind: 'token', holder: decision.holder };
  }
}

function refusal({ code, message }: { code: ErrorCode; message: string }): LatchkeyError {
  return new LatchkeyError(code, message);
}
